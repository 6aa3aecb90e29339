/* mistake: goes on waiting for room to send when nothing is left to be sent */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
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

struct conn { int fd, off, len; char buf[16384]; };

int main(int argc, char **argv)
{
    int s = setup(argc, argv), ep = epoll_create1(0), paused = 0;
    struct epoll_event ev, evs[64];
    fcntl(s, F_SETFL, O_NONBLOCK);
    ev.events = EPOLLIN;
    ev.data.ptr = NULL;
    epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev);
    for (;;) {
        int n = epoll_wait(ep, evs, 64, paused ? 100 : -1);
        if (paused) {
            ev.events = EPOLLIN;
            ev.data.ptr = NULL;
            epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev);
            paused = 0;
        }
        for (int i = 0; i < n; i++) {
            struct conn *c = evs[i].data.ptr;
            if (!c) {
                int fd = accept4(s, NULL, NULL, SOCK_NONBLOCK);
                if (fd < 0) {
                    if (errno == EMFILE) {
                        epoll_ctl(ep, EPOLL_CTL_DEL, s, NULL);
                        paused = 1;
                    }
                    continue;
                }
                c = calloc(1, sizeof *c);
                c->fd = fd;
                ev.events = EPOLLIN;
                ev.data.ptr = c;
                epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
                continue;
            }
            
            ssize_t k;
            if (c->off == c->len) {
                k = recv(c->fd, c->buf, sizeof c->buf, 0);
                if (k < 0 && errno == EAGAIN)
                    continue;
                if (k <= 0)
                    goto gone;
                c->off = 0;
                c->len = k;
            }
            k = send(c->fd, c->buf + c->off, c->len - c->off, 0);
            if (k < 0 && errno != EAGAIN)
                goto gone;
            if (k > 0)
                c->off += k;
            ev.events = c->off < c->len ? EPOLLOUT : EPOLLIN;
            ev.data.ptr = c;
            if (c->off < c->len)
                epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &ev);
            continue;
gone:
            close(c->fd);
            free(c);

        }
    }
}
