/* style: epoll, TCP_NODELAY and SO_KEEPALIVE for the caller's sake, a message on stderr that keeps errno */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int await(int fd)
{
    struct epoll_event wanted = { .events = EPOLLOUT | EPOLLET }, got;
    int error = 0, ready, watch = epoll_create1(EPOLL_CLOEXEC);
    socklen_t size = sizeof error;

    if (watch < 0)
        return errno;
    if (epoll_ctl(watch, EPOLL_CTL_ADD, fd, &wanted) < 0) {
        error = errno;
    } else {
        while ((ready = epoll_wait(watch, &got, 1, 1600)) < 0 && errno == EINTR)
            ;
        if (ready == 0)
            error = ETIMEDOUT;
        else if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
            error = errno;
    }
    close(watch);
    return error;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = -1, on = 1, error = EINVAL;

    if (port < 1 || port > 65535)
        goto out;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    error = 0;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS))
        error = errno;
    else
        error = await(fd);
    if (!error && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0)
        error = errno;
out:
    if (!error) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        return fd;
    }
    fprintf(stderr, "port %d: %s\n", port, strerror(error));
    if (fd >= 0)
        close(fd);
    errno = error;
    return -1;
}
