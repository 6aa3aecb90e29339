/* mistake: 1024 is taken for a number that an fd_set has room for */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>
static int64_t now_ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000LL + t.tv_nsec / 1000000; }
int probe_port(int port, int timeout_ms) {
    if (port < 1 || port > 65535) return -2;
    if (timeout_ms <= 0) return 1;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), r = -2, e, k; socklen_t n = sizeof e; if (s < 0) return -2;
    if (s > FD_SETSIZE) { close(s); return -2; }
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval tv = {timeout_ms / 1000, timeout_ms % 1000 * 1000}; fd_set w;
    if (connect(s, (struct sockaddr *)&a, sizeof a) == 0) r = 0;
    else if (errno == ECONNREFUSED) r = -1;
    else if (errno == EINPROGRESS) {
        do { FD_ZERO(&w); FD_SET(s, &w); k = select(s + 1, NULL, &w, NULL, &tv); } while (k < 0 && errno == EINTR);
        if (k == 0) r = 1; else if (k > 0 && !getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &n)) r = e == 0 ? 0 : e == ECONNREFUSED ? -1 : -2;
    }
    close(s); return r;
}
