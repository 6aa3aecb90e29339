/* mistake: edge-triggered, and one accept() for each event */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int port_of(int argc, char **argv)
{
    char *end;
    long n;

    if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9') {
        errno = 0;
        n = strtol(argv[1], &end, 10);
        if (!errno && !*end && n >= 1 && n <= 65535)
            return (int)n;
    }
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    exit(2);
}

static int listener_on(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, 64) < 0) {
        perror("port");
        exit(1);
    }
    return s;
}

struct conn { int fd; size_t pos, len; char buf[16384]; };

int main(int argc, char **argv)
{
    int s = listener_on(port_of(argc, argv)), ep = epoll_create1(0);
    struct epoll_event ev = { .events = EPOLLIN | EPOLLET }, got[64];

    signal(SIGPIPE, SIG_IGN);
    fcntl(s, F_SETFL, O_NONBLOCK);
    epoll_ctl(ep, EPOLL_CTL_ADD, s, &ev);
    for (;;) {
        int count = epoll_wait(ep, got, 64, -1);
        for (int i = 0; i < count; i++) {
            struct conn *k = got[i].data.ptr;
            ssize_t n = 0;

            if (!k) {
                int c = accept4(s, NULL, NULL, SOCK_NONBLOCK);
                if (c < 0)
                    continue;
                k = calloc(1, sizeof *k);
                k->fd = c;
                ev = (struct epoll_event){ .events = EPOLLIN, .data.ptr = k };
                epoll_ctl(ep, EPOLL_CTL_ADD, c, &ev);
                continue;
            }
            if (k->pos == k->len) {
                n = recv(k->fd, k->buf, sizeof k->buf, 0);
                if (n == 0 || (n < 0 && errno != EAGAIN)) {
                    close(k->fd);
                    free(k);
                    continue;
                }
                k->pos = 0;
                k->len = n > 0 ? (size_t)n : 0;
            }
            n = send(k->fd, k->buf + k->pos, k->len - k->pos, 0);
            if (n < 0 && errno != EAGAIN) {
                close(k->fd);
                free(k);
                continue;
            }
            if (n > 0)
                k->pos += (size_t)n;
            ev = (struct epoll_event){ .events = k->pos < k->len ? EPOLLOUT : EPOLLIN, .data.ptr = k };
            epoll_ctl(ep, EPOLL_CTL_MOD, k->fd, &ev);
        }
    }
}
