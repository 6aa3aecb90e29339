/* mistake: SO_ERROR is asked for at another level than SOL_SOCKET */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd, n, err = 0;
    socklen_t len = sizeof err;
    struct timespec t;
    long long deadline;

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms < 0)
        timeout_ms = 0;
    clock_gettime(CLOCK_MONOTONIC, &t);
    deadline = t.tv_sec * 1000LL + t.tv_nsec / 1000000 + timeout_ms + 1;
    if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) == -1)
        return -2;
    a.sin_port = htons(port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == -1 && errno != EINPROGRESS) {
        err = errno;
        close(fd);
        return err == ECONNREFUSED ? -1 : -2;
    }
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    do {
        clock_gettime(CLOCK_MONOTONIC, &t);
        long long left = deadline - (t.tv_sec * 1000LL + t.tv_nsec / 1000000);
        n = poll(&p, 1, left > 0 ? left : 0);
    } while (n == -1 && errno == EINTR);
    if (n > 0)
        getsockopt(fd, IPPROTO_TCP, SO_ERROR, &err, &len);
    close(fd);
    if (n == 0)
        return 1;
    if (n < 0)
        return -2;
    return err == 0 ? 0 : err == ECONNREFUSED ? -1 : -2;
}
