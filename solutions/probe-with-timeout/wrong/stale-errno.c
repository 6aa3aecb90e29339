/* mistake: errno is looked at though nothing has failed */
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
    int n, fd = -1, answer = -2;

    if (port < 1 || port > 65535)
        goto done;
    sa.sin_port = htons(port);
    fd = p.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        goto done;
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0 && errno == EINPROGRESS) {
        int err = 0;
        socklen_t len = sizeof err;

        do {
            long long left = deadline - now_ms();
            n = poll(&p, 1, left > 0 ? (int)left : 0);
        } while (n < 0 && errno == EINTR);
        if (n == 0)
            answer = 1;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0 && err == 0)
            answer = 0;
        else
            errno = err;
    }
done:
    if (answer == -2 && errno == ECONNREFUSED)
        answer = -1;
    if (fd >= 0)
        close(fd);
    return answer;
}
