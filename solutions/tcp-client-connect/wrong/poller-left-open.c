/* mistake: closes the socket on failure, but never the epoll descriptor that waited for it */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int outcome(int fd)
{
    struct epoll_event ev = { .events = EPOLLOUT };
    int err = 0, ep = epoll_create1(0);
    socklen_t len = sizeof err;

    if (ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) < 0)
        return errno;
    if (epoll_wait(ep, &ev, 1, 1800) < 1)
        return ETIMEDOUT;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return errno;
    return err;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd, err = 0;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        err = errno == EINPROGRESS ? outcome(fd) : errno;
    if (err == 0) {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
        return fd;
    }
    close(fd);
    errno = err;
    return -1;
}
