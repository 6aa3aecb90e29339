/* epoll, one instance a call */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long remaining(const struct timespec *start, long timeout)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    timeout -= (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
    return timeout < 0 ? 0 : timeout;
}

static int judge(int error)
{
    switch (error) {
    case 0:
        return 0;
    case ECONNREFUSED:
        return -1;
    case EINPROGRESS: /* still */
        return 1;
    default:
        return -2;
    }
}

static int decide(int fd, int ep, long timeout)
{
    struct epoll_event wanted = { .events = EPOLLOUT | EPOLLET }, got;
    struct timespec start;
    socklen_t len = sizeof(int);
    int n, error;

    clock_gettime(CLOCK_MONOTONIC, &start);
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &wanted) == -1)
        return errno;
    do
        n = epoll_wait(ep, &got, 1, remaining(&start, timeout));
    while (n == -1 && errno == EINTR);
    if (n == 0)
        return EINPROGRESS;
    if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
        return errno;
    return error;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in peer = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr = { htonl(INADDR_LOOPBACK) },
    };
    int fd, ep = -1, error = 0;

    if (port < 1 || port > 0xffff)
        return -2;
    if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1)
        return -2;
    if (connect(fd, (struct sockaddr *)&peer, sizeof peer) == -1)
        error = errno;
    if (error == EINPROGRESS) {
        ep = epoll_create1(EPOLL_CLOEXEC);
        error = ep == -1 ? errno : decide(fd, ep, timeout_ms);
    }
    if (ep != -1)
        close(ep);
    close(fd);
    return judge(error);
}
