/* mistake: the timeout is rounded up to whole seconds */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, n, err = 0;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -2;
    long long end = now_ms() + (timeout_ms > 0 ? (timeout_ms + 999LL) / 1000 * 1000 : 0);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        do {
            long long left = end - now_ms();
            n = poll(&p, 1, left > 0 ? (int)left : 0);
        } while ((n < 0 && errno == EINTR) || (n == 0 && now_ms() < end));
        if (n == 0) {
            close(fd);
            return 1;
        }
        if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0) {
            close(fd);
            return -2;
        }
    }
    close(fd);
    if (err == 0)
        return 0;
    return err == ECONNREFUSED ? -1 : -2;
}
