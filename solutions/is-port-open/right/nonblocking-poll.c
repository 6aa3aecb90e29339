/* style: non-blocking connect, poll, then SO_ERROR */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int wait_for_outcome(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    int n, err;
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

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
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
        if (err == EINPROGRESS)
            err = wait_for_outcome(fd);
    }
    close(fd);

    if (err == 0)
        return 1;
    if (err == ECONNREFUSED)
        return 0;
    return -1;
}
