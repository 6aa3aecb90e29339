/* a timerfd keeps the time: poll() watches it and the socket, and may be interrupted as often as it likes */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { SOCKET, TIMER };

static int start_timer(int ms)
{
    struct itimerspec when = { .it_value = { ms / 1000, ms % 1000 * 1000000L } };
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

    if (fd >= 0 && timerfd_settime(fd, 0, &when, NULL) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct pollfd p[] = { { -1, POLLOUT, 0 }, { -1, POLLIN, 0 } };
    int answer = -2, err = 0;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -2;
    a.sin_port = htons(port);
    p[TIMER].fd = start_timer(timeout_ms > 0 ? timeout_ms : 1); /* 0 would disarm it */
    p[SOCKET].fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (p[TIMER].fd < 0 || p[SOCKET].fd < 0)
        goto done;

    if (connect(p[SOCKET].fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        while (poll(p, 2, -1) < 0)
            if (errno != EINTR)
                goto done;
        if (!p[SOCKET].revents) {
            answer = 1;
            goto done;
        }
        if (getsockopt(p[SOCKET].fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            goto done;
    }
    if (err == 0)
        answer = 0;
    else if (err == ECONNREFUSED)
        answer = -1;
done:
    for (int i = 0; i < 2; i++)
        if (p[i].fd >= 0)
            close(p[i].fd);
    return answer;
}
