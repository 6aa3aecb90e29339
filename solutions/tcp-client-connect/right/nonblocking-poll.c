/* style: non-blocking connect, poll, SO_ERROR, and then blocking again */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int outcome(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    int n, err = 0;
    socklen_t len = sizeof err;

    do {
        n = poll(&p, 1, 1500);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno;
    if (n == 0)
        return ETIMEDOUT;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return errno;
    return err;
}

static int make_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return errno;
    return 0;
}

int tcp_client_connect(int port)
{
    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd == -1)
        return -1;

    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int err = 0;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1) {
        err = errno;
        if (err == EINPROGRESS || err == EINTR)
            err = outcome(fd);
    }
    if (err == 0)
        err = make_blocking(fd);
    if (err != 0) {
        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}
