/* mistake: epoll and timer stay open when socket() fails */
#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    int s, ep, tm, e = 0, answer = -2, n;
    struct epoll_event ev, got[2];
    socklen_t l = sizeof e;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct itimerspec it = { .it_value = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L } };

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms <= 0)
        it.it_value = (struct timespec){ 0, 1 };
    if ((ep = epoll_create1(EPOLL_CLOEXEC)) < 0)
        return -2;
    if ((tm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) < 0) {
        close(ep);
        return -2;
    }
    if ((s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) < 0)
        return -2;      /* ep and tm stay open */
    ev.events = EPOLLIN; ev.data.fd = tm;
    if (epoll_ctl(ep, EPOLL_CTL_ADD, tm, &ev) || timerfd_settime(tm, 0, &it, 0))
        goto end;
    a.sin_port = htons(port);
    if (connect(s, (struct sockaddr *)&a, sizeof a)) {
        if (errno != EINPROGRESS) { answer = errno == ECONNREFUSED ? -1 : -2; goto end; }
        ev.events = EPOLLOUT; ev.data.fd = s;
        if (epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev)) goto end;
        do n = epoll_wait(ep, got, 2, -1); while (n < 0 && errno == EINTR);
        if (n < 0) goto end;
        if (n == 1 && got[0].data.fd == tm) { answer = 1; goto end; }
        if (getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &l)) goto end;
    }
    answer = e == 0 ? 0 : e == ECONNREFUSED ? -1 : -2;
end:
    close(tm);
    close(ep);
    close(s);
    return answer;
}
