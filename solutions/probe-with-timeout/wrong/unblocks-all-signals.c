/* mistake: in the end it unblocks all signals, also those that its caller had blocked */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
int probe_port(int port, int timeout_ms) {
    if (port < 1 || port > 65535) return -2;
    if (timeout_ms <= 0) return 1;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), r = -2, e, k; socklen_t n = sizeof e; if (s < 0) return -2;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sigset_t all; sigfillset(&all); pthread_sigmask(SIG_BLOCK, &all, NULL);
    if (connect(s, (struct sockaddr *)&a, sizeof a) == 0) r = 0;
    else if (errno == ECONNREFUSED) r = -1;
    else if (errno == EINPROGRESS) {
        struct pollfd p = {s, POLLOUT, 0};
        k = poll(&p, 1, timeout_ms);
        if (k == 0) r = 1; else if (k > 0 && !getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &n)) r = e == 0 ? 0 : e == ECONNREFUSED ? -1 : -2;
    }
    pthread_sigmask(SIG_UNBLOCK, &all, NULL);
    close(s); return r;
}
