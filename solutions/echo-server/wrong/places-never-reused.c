/* mistake: places in a table are not given back */
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

enum { MAX = 1024 };
static struct pollfd p[MAX];
static struct { char b[2048]; int len, at; } t[MAX];
int main(int argc, char **argv)
{
    int n = 1, full = 0;
    p[0].fd = open_listener(argc, argv);
    fcntl(p[0].fd, F_SETFL, O_NONBLOCK);
    for (;;) {
        p[0].events = full ? 0 : POLLIN;
        if (poll(p, n, -1) < 0) continue;
        for (int i = 1; i < n; i++) {
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
            close(p[i].fd); p[i].fd = -1; full = 0;
        }
        if (p[0].revents & POLLIN) {
            int c = accept(p[0].fd, NULL, NULL);
            if (c < 0) { if (errno == EMFILE) full = 1; continue; }
            if (n == MAX) { close(c); continue; }        /* places of those who left are not looked for */
            p[n].fd = c; p[n].events = POLLIN; n++;
        }
    }
}
