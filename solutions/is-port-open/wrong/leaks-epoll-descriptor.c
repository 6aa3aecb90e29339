/* mistake: closes the socket but not the epoll instance */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int finish(int fd)
{
    struct epoll_event ev = { .events = EPOLLOUT };
    int err;
    socklen_t len = sizeof err;
    int ep = epoll_create1(0);

    if (ep < 0)
        return errno;
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) < 0)
        return errno;
    if (epoll_wait(ep, &ev, 1, 1000) != 1)
        return ETIMEDOUT;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return errno;
    return err;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int err = 0;

    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno == EINPROGRESS ? finish(fd) : errno;
    close(fd);
    if (err)
        return err == ECONNREFUSED ? 0 : -1;
    return 1;
}
