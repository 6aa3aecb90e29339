/* mistake: SO_LINGER makes close() wait, in an event loop */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_port(int argc, char **argv)
{
    char *end; long port;
    errno = 0;
    port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (argc != 2 || end == argv[1] || *end || errno || port < 1 || port > 65535) { fprintf(stderr, "usage: %s PORT\n", argv[0]); exit(2); }
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET; a.sin_port = htons(port); a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, 128) < 0) { perror("echo_server"); exit(1); }
    return s;
}

struct client { char data[16384]; int from, to, ended; };
static struct pollfd p[4096]; static struct client *who[4096]; static int n = 1;
static void forget(int i) { close(p[i].fd); free(who[i]); n--; p[i] = p[n]; who[i] = who[n]; }
int main(int argc, char **argv)
{
    int s = open_port(argc, argv), i; struct client *c; ssize_t k;
    fcntl(s, F_SETFL, O_NONBLOCK);
    p[0].fd = s; p[0].events = POLLIN;
    for (;;) {
        if (poll(p, n, -1) < 0) continue;
        for (i = n - 1; i > 0; i--) {
            if (!p[i].revents) continue;
            c = who[i];
            if (c->from == c->to && !c->ended) {
                k = recv(p[i].fd, c->data, sizeof c->data, 0);
                if (k < 0) { if (errno != EAGAIN) forget(i); if (p[0].fd < 0) p[0].fd = -p[0].fd; continue; }
                if (k == 0) c->ended = 1;
                c->from = 0; c->to = k;
            }
            if (c->from < c->to) {
                k = send(p[i].fd, c->data + c->from, c->to - c->from, MSG_NOSIGNAL);
                if (k < 0 && errno != EAGAIN) { forget(i); if (p[0].fd < 0) p[0].fd = -p[0].fd; continue; }
                if (k > 0) c->from += k;
            }
            if (c->from == c->to && c->ended) { forget(i); if (p[0].fd < 0) p[0].fd = -p[0].fd; continue; }
            p[i].events = c->from < c->to ? POLLOUT : POLLIN;
        }
        if (p[0].fd > 0 && p[0].revents) {
            int fd = accept(s, NULL, NULL);
            if (fd < 0) { if (errno == EMFILE) { p[0].fd = -s; } continue; }
            fcntl(fd, F_SETFL, O_NONBLOCK);
            struct linger lg = { 1, 10 }; setsockopt(fd, SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
            p[n].fd = fd; p[n].events = POLLIN; p[n].revents = 0; who[n] = calloc(1, sizeof **who); n++;
        }
    }
}
