/* epoll, edge-triggered: read and write until EAGAIN, and signals by signalfd */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct session {
    struct session *next, *previous;
    int socket, ended;
    size_t begin, end;
    unsigned char bytes[24000];
};

static struct session all = { .next = &all, .previous = &all };
static int poller, listener;

static int again(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static void greet_all(void)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0 || errno == ECONNABORTED || errno == EINTR) {
        struct session *s = fd >= 0 ? malloc(sizeof *s) : NULL;
        if (fd >= 0 && !s)
            close(fd);
        if (!s)
            continue;
        s->socket = fd;
        s->ended = 0;
        s->begin = s->end = 0;
        s->next = all.next;
        s->previous = &all;
        all.next->previous = s;
        all.next = s;
        struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = s };
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
    }
    /* EMFILE: no new edge will come for those who wait, so this is called again whenever somebody leaves */
}

static void leave(struct session *s)
{
    s->next->previous = s->previous;
    s->previous->next = s->next;
    close(s->socket);
    free(s);
    greet_all();
}

static void work(struct session *s)
{
    for (;;) {
        while (s->begin < s->end) {
            ssize_t n = send(s->socket, s->bytes + s->begin, s->end - s->begin, MSG_NOSIGNAL);
            if (n < 0 && again())
                return;
            if (n < 0) {
                leave(s);
                return;
            }
            s->begin += n;
        }
        ssize_t n = recv(s->socket, s->bytes, sizeof s->bytes, 0);
        if (n < 0 && again())
            return;
        if (n <= 0) {
            leave(s);
            return;
        }
        s->begin = 0;
        s->end = n;
    }
}

int main(int argc, char **argv)
{
    char *tail = "?";
    unsigned long port = argc == 2 ? strtoul(argv[1], &tail, 10) : 0;
    if (*tail || port - 1 >= 65535) {
        dprintf(2, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int signals = signalfd(-1, &set, SFD_CLOEXEC);

    struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, (int[]){ 1 }, sizeof(int));
    if (bind(listener, (void *)&name, sizeof name) || listen(listener, 1000)) {
        perror("listen");
        return 1;
    }
    poller = epoll_create1(0);
    struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.ptr = &listener };
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &e);
    e = (struct epoll_event){ .events = EPOLLIN, .data.ptr = &signals };
    epoll_ctl(poller, EPOLL_CTL_ADD, signals, &e);

    /* One event at a time: leave() frees a session, and no other event of the same round may point to it. */
    for (;;) {
        if (epoll_wait(poller, &e, 1, -1) < 1)
            continue;
        if (e.data.ptr == &signals)
            break;
        if (e.data.ptr == &listener)
            greet_all();
        else
            work(e.data.ptr);
    }
    while (all.next != &all) {
        struct session *s = all.next;
        all.next = s->next;
        close(s->socket);
        free(s);
    }
    close(listener);
    return 0;
}
