/* mistake: the fraction of the deadline can be a second or more */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum verdict { OPEN = 0, CLOSED = -1, FILTERED = 1, FAILED = -2 };

static struct timespec later(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (ms % 1000) * 1000000L;
    return t;
}

static bool time_left(const struct timespec *deadline, struct timespec *left)
{
    clock_gettime(CLOCK_MONOTONIC, left);
    left->tv_sec = deadline->tv_sec - left->tv_sec;
    left->tv_nsec = deadline->tv_nsec - left->tv_nsec;
    if (left->tv_nsec < 0) {
        left->tv_nsec += 1000000000L;
        left->tv_sec--;
    }
    return left->tv_sec >= 0;
}

static enum verdict of(int error)
{
    return error == 0 ? OPEN : error == ECONNREFUSED ? CLOSED : FAILED;
}

static enum verdict wait_and_see(int fd, const struct timespec *deadline)
{
    struct timespec left;

    while (time_left(deadline, &left)) {
        fd_set w;
        FD_ZERO(&w);
        FD_SET(fd, &w);
        int n = pselect(fd + 1, NULL, &w, NULL, &left, NULL);
        if (n > 0) {
            int error = 0;
            socklen_t len = sizeof error;
            if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
                return FAILED;
            return of(error);
        }
        if (n < 0 && errno != EINTR)
            return FAILED;
    }
    return FILTERED;
}

int probe_port(int port, int timeout_ms)
{
    if (port < 1 || port > 65535)
        return FAILED;
    if (timeout_ms < 0)
        timeout_ms = 0;

    struct timespec deadline = later(timeout_ms);
    enum verdict v = FAILED;
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return FAILED;
    if (fd < FD_SETSIZE && ioctl(fd, FIONBIO, &one) == 0) {
        struct sockaddr_in a = {
            .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
        };
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            v = OPEN;
        else
            v = errno == EINPROGRESS ? wait_and_see(fd, &deadline) : of(errno);
    }
    close(fd);
    return v;
}
