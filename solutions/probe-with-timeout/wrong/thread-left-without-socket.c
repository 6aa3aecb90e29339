/* mistake: the watching thread stays when socket() fails */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>
static void *guard(void *p) { pause(); return p; }
static long long now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000LL + t.tv_nsec / 1000000; }
int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    long long end = now() + timeout_ms, left;
    int fd, e = 0, n;
    pthread_t t;
    if (port < 1 || port > 65535) return -2;
    if (pthread_create(&t, 0, guard, 0)) return -2;
    if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) < 0) return -2;
    a.sin_port = htons(port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a)) e = errno;
    if (e == EINPROGRESS) {
        struct pollfd p = { fd, POLLOUT, 0 };
        socklen_t l = sizeof e;
        do { left = end - now(); n = poll(&p, 1, left < 0 ? 0 : left); } while (n < 0 && errno == EINTR);
        if (n == 0) e = ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &l)) e = errno;
    }
    close(fd);
    pthread_cancel(t);
    pthread_join(t, 0);
    return e == 0 ? 0 : e == ECONNREFUSED ? -1 : e == ETIMEDOUT ? 1 : -2;
}
