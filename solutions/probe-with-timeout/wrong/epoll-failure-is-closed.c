/* mistake: epoll_wait() that a signal has ended is answered like a refusal */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int wait_for(int fd, int timeout_ms)
{
    struct epoll_event e = { .events = EPOLLOUT };
    int ep = epoll_create1(0), n;

    if (ep < 0)
        return -2;
    if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e) < 0) {
        close(ep);
        return -2;
    }
    n = epoll_wait(ep, &e, 1, timeout_ms > 0 ? timeout_ms : 0);
    close(ep);
    return n;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, n, err = 0, answer = -1;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -2;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) {
        answer = 0;
    } else if (errno != EINPROGRESS) {
        answer = errno == ECONNREFUSED ? -1 : -2;
    } else {
        n = wait_for(fd, timeout_ms);
        if (n == 0)
            answer = 1;
        else if (n == -2)
            answer = -2;
        else if (n == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0)
            answer = err == 0 ? 0 : err == ECONNREFUSED ? -1 : -2;
    }
    close(fd);
    return answer;
}
