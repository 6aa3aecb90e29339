/* a blocking connect() under SO_SNDTIMEO; after a signal the rest of the time is spent in poll() */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ms_since(const struct timespec *t0)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (t.tv_sec - t0->tv_sec) * 1000 + (t.tv_nsec - t0->tv_nsec) / 1000000;
}

static int go_on(int fd, int timeout_ms, const struct timespec *start)
{
    /* connect(2): after EINTR the handshake goes on by itself */
    struct pollfd p = { fd, POLLOUT, 0 };
    int n, err;
    socklen_t len = sizeof err;

    do {
        long left = timeout_ms - ms_since(start);
        n = poll(&p, 1, left < 0 ? 0 : left);
    } while (n < 0 && errno == EINTR);
    if (n == 0)
        return EINPROGRESS;
    if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return errno;
    return err;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct timespec start;
    struct timeval limit;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms < 1)
        timeout_ms = 1; /* 0 would mean for ever, socket(7) */
    clock_gettime(CLOCK_MONOTONIC, &start);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    limit.tv_sec = timeout_ms / 1000;
    limit.tv_usec = (timeout_ms % 1000) * 1000;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0 ||
        connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINTR)
        err = go_on(fd, timeout_ms, &start);
    close(fd);

    switch (err) {
    case 0:            return 0;
    case ECONNREFUSED: return -1;
    case EINPROGRESS:  return 1; /* what SO_SNDTIMEO ends a connect() with */
    default:           return -2;
    }
}
