/* style: poll() with a table of a hundred clients; while it is full nobody else is let in */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_listener(int argc, char **argv)
{
    char *end = NULL;
    long port = 0;
    if (argc == 2) {
        errno = 0;
        port = strtol(argv[1], &end, 10);
    }
    if (argc != 2 || end == argv[1] || *end != '\0' || errno || port < 1 || port > 65535) {
        fprintf(stderr, "usage: echo_server PORT\n");
        exit(2);
    }
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (s == -1) { perror("socket"); exit(1); }
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (struct sockaddr *)&a, sizeof a) == -1) { perror("bind"); exit(1); }
    if (listen(s, SOMAXCONN) == -1) { perror("listen"); exit(1); }
    signal(SIGPIPE, SIG_IGN);
    return s;
}

/* poll(), a table of exactly a hundred clients; while it is full nobody else is let in */
enum { MAX = 100 };
static struct { char b[4096]; int len, at; } t[MAX + 1];
int main(int argc, char **argv)
{
    struct pollfd p[MAX + 1];
    int n = 0, full = 0;
    p[MAX].fd = open_listener(argc, argv);
    fcntl(p[MAX].fd, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < MAX; i++) p[i].fd = -1;
    for (;;) {
        p[MAX].events = n < MAX && !full ? POLLIN : 0;
        if (poll(p, MAX + 1, -1) < 0) continue;
        for (int i = 0; i < MAX; i++) {
            if (p[i].fd < 0 || !p[i].revents) continue;
            ssize_t k;
            if (t[i].len == 0) {
                k = recv(p[i].fd, t[i].b, sizeof t[i].b, MSG_DONTWAIT);
                if (k < 0 && (errno == EAGAIN || errno == EINTR)) continue;
                if (k <= 0) goto gone;
                t[i].len = k; t[i].at = 0;
            }
            k = send(p[i].fd, t[i].b + t[i].at, t[i].len, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (k < 0 && errno != EAGAIN && errno != EINTR) goto gone;
            if (k > 0) { t[i].at += k; t[i].len -= k; }
            p[i].events = t[i].len ? POLLOUT : POLLIN;
            continue;
gone:
            close(p[i].fd); p[i].fd = -1; n--; full = 0; t[i].len = 0;
        }
        if (p[MAX].revents & POLLIN) {
            int c = accept(p[MAX].fd, NULL, NULL), i = 0;
            if (c < 0) { if (errno == EMFILE) full = 1; continue; }
            while (p[i].fd >= 0) i++;
            p[i].fd = c; p[i].events = POLLIN; t[i].len = 0; n++;
        }
    }
}
