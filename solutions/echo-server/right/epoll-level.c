/* epoll, level-triggered; a client is watched either for reading or for writing */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#define CHECK(what) do { if ((what) < 0) { perror(#what); exit(1); } } while (0)

typedef struct conn {
    int fd;
    size_t pos, len;
    char buf[8 * 1024];
} conn;

static int ep, lfd, listening = 1;

static void watch(int op, int fd, unsigned events, void *data)
{
    struct epoll_event ev = { .events = events, .data.ptr = data };
    epoll_ctl(ep, op, fd, &ev);
}

static void set_listening(int on)
{
    if (on != listening)
        watch(EPOLL_CTL_MOD, lfd, on ? EPOLLIN : 0, NULL);
    listening = on;
}

static void finish(conn *c)
{
    close(c->fd);
    free(c);
    set_listening(1);
}

static void on_accept(void)
{
    int fd = accept4(lfd, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
            set_listening(0);
        return;
    }
    conn *c = malloc(sizeof *c);
    if (!c) {
        close(fd);
        return;
    }
    c->fd = fd;
    c->pos = c->len = 0;
    watch(EPOLL_CTL_ADD, fd, EPOLLIN, c);
}

static void on_client(conn *c)
{
    if (c->pos == c->len) {
        ssize_t n = recv(c->fd, c->buf, sizeof c->buf, 0);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            finish(c);
            return;
        }
        if (n < 0)
            return;
        c->pos = 0;
        c->len = n;
    }
    ssize_t n = send(c->fd, c->buf + c->pos, c->len - c->pos, 0);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        finish(c);
        return;
    }
    if (n > 0)
        c->pos += n;
    watch(EPOLL_CTL_MOD, c->fd, c->pos == c->len ? EPOLLIN : EPOLLOUT, c);
}

int main(int argc, char **argv)
{
    char *end;
    if (argc != 2 || argv[1][0] == '\0')
        goto usage;
    long port = strtol(argv[1], &end, 10);
    if (*end != '\0' || port < 1 || port > 65535)
        goto usage;

    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    CHECK(lfd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    CHECK(setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    CHECK(bind(lfd, (struct sockaddr *)&addr, sizeof addr));
    CHECK(listen(lfd, 511));
    CHECK(ep = epoll_create1(EPOLL_CLOEXEC));
    watch(EPOLL_CTL_ADD, lfd, EPOLLIN, NULL);
    for (;;) {
        struct epoll_event events[64];
        int n = epoll_wait(ep, events, 64, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr)
                on_client(events[i].data.ptr);
            else
                on_accept();
        }
    }
usage:
    fprintf(stderr, "Usage: %s PORT\n", argv[0]);
    return 2;
}
