/* mistake: edge-triggered, but reads only once for each event: what is left in the socket waits for the next */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
    int fd;
    size_t sent, held;
    char data[4096];
};

static int port_from(int argc, char **argv)
{
    char *end;
    if (argc != 2 || argv[1][0] == '\0')
        return 0;
    long port = strtol(argv[1], &end, 10);
    return *end == '\0' && port >= 1 && port <= 65535 ? (int)port : 0;
}

static int listen_on(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    struct sockaddr_in a = { .sin_family = AF_INET };

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, 128) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int not_now(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* Send and receive what goes without waiting; 0 when the client is done with. */
static int serve(struct client *c)
{
    if (c->sent == c->held) {
        ssize_t n = recv(c->fd, c->data, sizeof c->data, 0);
        if (n == 0)
            return 0;
        if (n < 0)
            return not_now();
        c->sent = 0;
        c->held = n;
    }
    while (c->sent < c->held) {
        ssize_t n = send(c->fd, c->data + c->sent, c->held - c->sent, MSG_NOSIGNAL);
        if (n < 0)
            return not_now();
        c->sent += n;
    }
    return 1;
}

int main(int argc, char **argv)
{
    int port = port_from(argc, argv);
    if (!port) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    int listener = listen_on(port);
    if (listener < 0) {
        perror("echo_server");
        return 1;
    }
    int queue = epoll_create1(0), full = 0;
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    epoll_ctl(queue, EPOLL_CTL_ADD, listener, &event);

    for (;;) {
        struct epoll_event ready;
        if (epoll_wait(queue, &ready, 1, -1) < 1)
            continue;
        struct client *c = ready.data.ptr;
        if (c) {
            if (serve(c))
                continue;
            close(c->fd);
            free(c);
            if (full)
                epoll_ctl(queue, EPOLL_CTL_ADD, listener, &event);
            full = 0;
            continue;
        }
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) {
            if (errno == EMFILE) {
                epoll_ctl(queue, EPOLL_CTL_DEL, listener, NULL);
                full = 1;
            }
            continue;
        }
        c = calloc(1, sizeof *c);
        c->fd = fd;
        struct epoll_event both = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c };
        epoll_ctl(queue, EPOLL_CTL_ADD, fd, &both);
    }
}
