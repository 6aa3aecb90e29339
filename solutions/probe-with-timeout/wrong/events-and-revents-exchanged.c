/* mistake: revents is filled in where events is meant */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd, n, err = 0, answer = -2;
    socklen_t len = sizeof err;
    long long start = now_ns();

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms < 0)
        timeout_ms = 0;
    if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1)
        return -2;
    a.sin_port = htons(port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        if (errno != EINPROGRESS) {
            answer = errno == ECONNREFUSED ? -1 : -2;
            goto out;
        }
        struct pollfd p = { .fd = fd, .revents = POLLOUT };
        long long deadline = start + timeout_ms * 1000000LL;
        do {
            long long left = (deadline - now_ns() + 999999) / 1000000;
            n = poll(&p, 1, left > 0 ? left : 0);
        } while (n == -1 && errno == EINTR);
        if (n == 0) {
            answer = 1;
            goto out;
        }
        if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == -1)
            goto out;
    }
    answer = err == 0 ? 0 : err == ECONNREFUSED ? -1 : -2;
out:
    close(fd);
    return answer;
}
