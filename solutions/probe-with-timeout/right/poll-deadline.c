/* poll() until a deadline of the monotonic clock */
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

/* 0 once something has happened on fd, ETIMEDOUT at the deadline, else poll's errno */
static int wait_for(int fd, long long deadline)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };

    for (;;) {
        long long left = deadline - now_ms();
        int n = poll(&p, 1, left > 0 ? (int)left : 0);

        if (n > 0)
            return 0;
        if (n == 0 && now_ms() >= deadline)
            return ETIMEDOUT;
        if (n < 0 && errno != EINTR)
            return errno;
    }
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    long long deadline = now_ms() + timeout_ms;
    int fd, err = 0, answer = -2;

    if (port < 1 || port > 65535)
        return -2;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -2;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0) {
        err = errno;
        if (err == EINPROGRESS) {
            socklen_t len = sizeof err;

            err = wait_for(fd, deadline);
            if (err == ETIMEDOUT) {
                answer = 1;
                goto done;
            }
            if (err == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
                err = errno;
        }
    }
    if (err == 0)
        answer = 0;
    else if (err == ECONNREFUSED)
        answer = -1;
done:
    close(fd);
    return answer;
}
