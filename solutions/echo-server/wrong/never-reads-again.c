/* mistake: once send() has taken only a part, the client is never read from again. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
    int fd;
    char *rest;
    size_t at, length;
    struct client *next;
};
static struct client *all;

int main(int argc, char **argv)
{
    char *end;
    long port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (argc != 2 || !*argv[1] || *end || port < 1 || port > 65535) {
        fprintf(stderr, "usage: echo_server PORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(l, (struct sockaddr *)&a, sizeof a) || listen(l, 128)) {
        perror("echo_server");
        return 1;
    }
    int ep = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &l};
    epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
    for (;;) {
        if (epoll_wait(ep, &e, 1, -1) != 1)
            continue;
        if (e.data.ptr == &l) {
            int fd = accept4(l, NULL, NULL, SOCK_NONBLOCK);
            if (fd < 0) {
                usleep(10000);
                continue;
            }
            struct client *c = calloc(1, sizeof *c);
            *c = (struct client){.fd = fd, .rest = malloc(65536), .next = all};
            all = c;
            e = (struct epoll_event){.events = EPOLLIN, .data.ptr = c};
            epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
            continue;
        }
        struct client *c = e.data.ptr;
        int gone = 0;
        if (c->length == 0 && e.events & EPOLLIN) {
            ssize_t got = recv(c->fd, c->rest, 65536, 0);
            if (got > 0) {
                c->at = 0;
                c->length = (size_t)got;
            } else
                gone = got == 0 || errno != EAGAIN;
        }
        if (!gone && c->length > 0) {
            ssize_t sent = send(c->fd, c->rest + c->at, c->length, 0);
            if (sent > 0) {
                c->at += (size_t)sent;
                c->length -= (size_t)sent;
            } else
                gone = errno != EAGAIN;
        }
        if (gone) {
            for (struct client **p = &all; *p; p = &(*p)->next)
                if (*p == c) {
                    *p = c->next;
                    break;
                }
            close(c->fd);
            free(c->rest);
            free(c);
            continue;
        }
        if (c->length > 0) {
            e = (struct epoll_event){.events = EPOLLOUT, .data.ptr = c};
            epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
        }
    }
}
