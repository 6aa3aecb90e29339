/* poll(), an array that grows; when one leaves the last takes its place; the listener comes first, a descriptor is in reserve */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int setup(int argc, char **argv)
{
    char *end;
    long port;
    if (argc != 2 || !*argv[1] || (port = strtol(argv[1], &end, 10)) < 1 || port > 65535 || *end) {
        fprintf(stderr, "Usage: %s <port>\n", argv[0]);
        exit(2);
    }
    int s = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in me;
    memset(&me, 0, sizeof me);
    me.sin_family = AF_INET;
    me.sin_port = htons(port);
    me.sin_addr.s_addr = inet_addr("127.0.0.1");
    if (bind(s, (struct sockaddr *)&me, sizeof me) == -1) {
        perror("bind");
        exit(1);
    }
    if (listen(s, 128) == -1) {
        perror("listen");
        exit(1);
    }
    signal(SIGPIPE, SIG_IGN);
    return s;
}

/* poll(), an array that grows; when one leaves the last takes its place, and is looked at in the next round */
struct conn { char *buf; size_t len, cap; int eof; };

int main(int argc, char **argv)
{
    int s = setup(argc, argv);
    size_t n = 1, cap = 5;
    struct pollfd *p = malloc(cap * sizeof *p);
    struct conn *c = calloc(cap, sizeof *c);
    int spare = open("/dev/null", O_RDONLY);
    fcntl(s, F_SETFL, O_NONBLOCK);
    p[0] = (struct pollfd){ s, POLLIN, 0 };
    while (1) {
        if (poll(p, n, -1) < 0)
            continue;
        for (size_t i = 0; i < n; i++) {
            if (!p[i].revents)
                continue;
            if (p[i].fd == s) {
                int fd = accept(s, NULL, NULL);
                if (fd < 0) {
                    if (errno == EMFILE || errno == ENFILE) {
                        close(spare);
                        close(accept(s, NULL, NULL));
                        spare = open("/dev/null", O_RDONLY);
                    }
                    continue;
                }
                fcntl(fd, F_SETFL, O_NONBLOCK);
                if (n == cap) {
                    cap *= 2;
                    p = realloc(p, cap * sizeof *p);
                    c = realloc(c, cap * sizeof *c);
                }
                p[n] = (struct pollfd){ fd, POLLIN, 0 };
                memset(&c[n], 0, sizeof *c);
                n++;
                continue;
            }
            int dead = 0;
            if (p[i].events & POLLIN && p[i].revents & (POLLIN | POLLHUP | POLLERR)) {
                if (c[i].cap - c[i].len < 4096) {
                    c[i].cap = c[i].cap ? 2 * c[i].cap : 8192;
                    c[i].buf = realloc(c[i].buf, c[i].cap);
                }
                ssize_t k = recv(p[i].fd, c[i].buf + c[i].len, c[i].cap - c[i].len, 0);
                if (k > 0)
                    c[i].len += k;
                else if (k == 0)
                    c[i].eof = 1;
                else if (errno != EAGAIN && errno != EINTR)
                    dead = 1;
            }
            if (!dead && c[i].len) {
                ssize_t k = send(p[i].fd, c[i].buf, c[i].len, MSG_NOSIGNAL);
                if (k > 0) {
                    c[i].len -= k;
                    memmove(c[i].buf, c[i].buf + k, c[i].len);
                } else if (k < 0 && errno != EAGAIN && errno != EINTR) {
                    dead = 1;
                }
            }
            if (dead || (c[i].eof && !c[i].len)) {
                close(p[i].fd);
                free(c[i].buf);
                p[i] = p[n - 1];
                c[i] = c[n - 1];
                n--;
                continue;
            }
            p[i].events = (c[i].len ? POLLOUT : 0) | (!c[i].eof && c[i].len < 65536 ? POLLIN : 0);
        }
    }
}
