/* mistake: descriptor 0 is taken for a failure of socket() */
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
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct pollfd p = { .events = POLLOUT };
    long long deadline = now_ms() + timeout_ms;
    int n = 1, err = 0;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -2;
    sa.sin_port = htons(port);
    if ((p.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) <= 0)
        return -2;
    if (connect(p.fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        do {
            long long left = deadline - now_ms();
            n = poll(&p, 1, left > 0 ? (int)left : 0);
        } while (n < 0 && errno == EINTR);
        if (n < 0 || getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            err = EIO;
    }
    close(p.fd);
    if (n == 0)
        return 1;
    return err == 0 ? 0 : err == ECONNREFUSED ? -1 : -2;
}
