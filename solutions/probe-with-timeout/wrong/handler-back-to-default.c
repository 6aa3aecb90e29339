/* mistake: SIGPIPE gets its default action in the end, and not its caller's handler */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
static int64_t now_ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000LL + t.tv_nsec / 1000000; }
int probe_port(int port, int timeout_ms) {
    if (port < 1 || port > 65535) return -2;
    if (timeout_ms <= 0) return 1;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), r = -2, e, k; socklen_t n = sizeof e; if (s < 0) return -2;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    signal(SIGPIPE, SIG_IGN);
    int64_t end = now_ms() + timeout_ms + 1;
    if (connect(s, (struct sockaddr *)&a, sizeof a) == 0) r = 0;
    else if (errno == ECONNREFUSED) r = -1;
    else if (errno == EINPROGRESS) {
        struct pollfd p = {s, POLLOUT, 0};
        while ((k = poll(&p, 1, end > now_ms() ? end - now_ms() : 0)) < 0 && errno == EINTR) ;
        if (k == 0) r = 1; else if (k > 0 && !getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &n)) r = e == 0 ? 0 : e == ECONNREFUSED ? -1 : -2;
    }
    signal(SIGPIPE, SIG_DFL);
    close(s); return r;
}
