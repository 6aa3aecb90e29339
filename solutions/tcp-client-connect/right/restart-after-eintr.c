/* style: blocking, with a second half for a connect() that a signal has interrupted */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* connect(2): after EINTR the handshake goes on; its end is awaited as that of a non-blocking one. */
static int finish(int fd)
{
    struct pollfd waiting = { .fd = fd, .events = POLLOUT };
    int error;
    socklen_t size = sizeof error;

    while (poll(&waiting, 1, -1) < 0)
        if (errno != EINTR)
            return -1;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -1;
    errno = error;
    return error ? -1 : 0;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in to = { 0 };
    int fd, rc, error;

    errno = EINVAL;
    if (port < 1 || port > 65535)
        return -1;

    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return fd;
    rc = connect(fd, (struct sockaddr *)&to, sizeof to);
    if (rc < 0 && errno == EINTR)
        rc = finish(fd);
    if (rc < 0) {
        error = errno;
        close(fd);
        errno = error;
        return rc;
    }
    return fd;
}
