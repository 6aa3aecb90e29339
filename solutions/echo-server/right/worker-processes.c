/* four processes, each with an epoll of its own, share the listener; the first one only watches over them */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 4, SIZE = 1 << 15 };

typedef struct {
    int fd, eof;
    unsigned head, tail; /* bytes ever received and sent; their difference is in the ring */
    char ring[SIZE];
} Client;

static int again(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* 1: goes on, 0: has ended, or failed. */
static int pump(Client *c)
{
    int moved;
    do {
        moved = 0;
        unsigned used = c->head - c->tail;
        if (!c->eof && used < SIZE) {
            unsigned at = c->head % SIZE, room = SIZE - used;
            ssize_t n = recv(c->fd, c->ring + at, room < SIZE - at ? room : SIZE - at, MSG_DONTWAIT);
            if (n < 0 && !again())
                return 0;
            c->eof = n == 0;
            if (n > 0)
                c->head += n, moved = 1;
        }
        used = c->head - c->tail;
        if (used) {
            unsigned at = c->tail % SIZE;
            ssize_t n = send(c->fd, c->ring + at, used < SIZE - at ? used : SIZE - at, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (n < 0 && !again())
                return 0;
            if (n > 0)
                c->tail += n, moved = 1;
        }
    } while (moved);
    return !c->eof || c->head != c->tail;
}

static void work(int listener)
{
    int set = epoll_create1(0), paused = 0;
    struct epoll_event knock = { .events = EPOLLIN | EPOLLEXCLUSIVE }, ready[32];
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &knock);
    for (;;) {
        int n = epoll_wait(set, ready, 32, paused ? 100 : -1);
        if (paused && n >= 0) {
            epoll_ctl(set, EPOLL_CTL_ADD, listener, &knock);
            paused = 0;
        }
        for (int i = 0; i < n; i++) {
            Client *c = ready[i].data.ptr;
            if (!c) {
                int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                if (fd < 0) {
                    if (errno == EMFILE || errno == ENFILE) {
                        epoll_ctl(set, EPOLL_CTL_DEL, listener, NULL);
                        paused = 1;
                    }
                    continue;
                }
                c = calloc(1, sizeof *c);
                c->fd = fd;
                struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
                epoll_ctl(set, EPOLL_CTL_ADD, fd, &e);
            } else if (pump(c)) {
                unsigned used = c->head - c->tail;
                struct epoll_event e = { .data.ptr = c };
                e.events = (used ? EPOLLOUT : 0) | (!c->eof && used < SIZE ? EPOLLIN : 0);
                epoll_ctl(set, EPOLL_CTL_MOD, c->fd, &e);
            } else {
                close(c->fd);
                free(c);
            }
        }
    }
}

int main(int argc, char **argv)
{
    char *rest;
    unsigned long port;
    if (argc != 2 || !*argv[1] || (port = strtoul(argv[1], &rest, 10), *rest) || port == 0 || port > 65535) {
        fprintf(stderr, "Usage: echo_server PORT\n");
        return 2;
    }
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in sa;
    memset(&sa, 0, sizeof sa);
    sa.sin_family = AF_INET;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    if (bind(s, (struct sockaddr *)&sa, sizeof sa) == -1 || listen(s, SOMAXCONN) == -1) {
        fprintf(stderr, "echo_server: %m\n");
        return 1;
    }
    pid_t boss = getpid();
    for (int running = 0;;) {
        while (running < WORKERS) {
            pid_t pid = fork();
            if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (getppid() == boss)
                    work(s);
                _exit(0);
            }
            if (pid < 0)
                break;
            running++;
        }
        if (wait(NULL) > 0)
            running--; /* a worker has died: make another one */
    }
}
