/* epoll with an eventfd, a timerfd and a signalfd, all closed */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
static int add(int ep, int fd, uint32_t ev) { struct epoll_event e = {.events = ev, .data.fd = fd}; return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e); }
int is_port_open(int port)
{
    if (port < 1 || port > 65535) return -1;
    int fds[5] = {-1, -1, -1, -1, -1}, answer = -1, err = 0;
    sigset_t set, old;
    sigemptyset(&set); sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &old);
    if ((fds[0] = epoll_create1(EPOLL_CLOEXEC)) < 0 || (fds[1] = eventfd(0, EFD_NONBLOCK)) < 0 ||
        (fds[2] = timerfd_create(CLOCK_MONOTONIC, 0)) < 0 || (fds[3] = signalfd(-1, &set, 0)) < 0 ||
        (fds[4] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) goto out;
    struct itimerspec t = {.it_value.tv_sec = 5};
    timerfd_settime(fds[2], 0, &t, NULL);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fds[4], (struct sockaddr *)&a, sizeof a) == 0) { answer = 1; goto out; }
    if (errno == ECONNREFUSED) { answer = 0; goto out; }
    if (errno != EINPROGRESS) goto out;
    if (add(fds[0], fds[1], EPOLLIN) || add(fds[0], fds[2], EPOLLIN) || add(fds[0], fds[3], EPOLLIN) || add(fds[0], fds[4], EPOLLOUT | EPOLLET)) goto out;
    for (;;) {
        struct epoll_event ev[5];
        int n = epoll_pwait(fds[0], ev, 5, -1, NULL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) goto out;
        for (int i = 0; i < n; i++) {
            if (ev[i].data.fd == fds[2]) goto out;
            if (ev[i].data.fd != fds[4]) continue;
            socklen_t l = sizeof err;
            if (getsockopt(fds[4], SOL_SOCKET, SO_ERROR, &err, &l)) goto out;
            answer = err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
            goto out;
        }
    }
out:
    for (int i = 4; i >= 0; i--) if (fds[i] >= 0) close(fds[i]);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return answer;
}
