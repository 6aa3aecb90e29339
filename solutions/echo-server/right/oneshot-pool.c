/* style: EPOLLONESHOT, four threads that share one epoll, SIGTERM by signalfd() */
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
static int ep, s;

static void arm(int op, int fd, unsigned events, void *p)
{
    struct epoll_event ev = { .events = events | EPOLLONESHOT, .data.ptr = p };
    epoll_ctl(ep, op, fd, &ev);
}

static void *work(void *unused)
{
    struct epoll_event got;

    (void)unused;
    for (;;) {
        struct conn *k;
        ssize_t n;

        if (epoll_wait(ep, &got, 1, -1) < 1)
            continue;
        k = got.data.ptr;
        if (!k) {
            int c = accept4(s, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (c >= 0) {
                k = malloc(sizeof *k);
                k->fd = c;
                k->pos = k->len = 0;
                arm(EPOLL_CTL_ADD, c, EPOLLIN, k);
            } else if (errno == EMFILE) {
                usleep(50000);
            }
            arm(EPOLL_CTL_MOD, s, EPOLLIN, NULL);
            continue;
        }
        for (;;) {
            if (k->pos == k->len) {
                n = recv(k->fd, k->buf, sizeof k->buf, 0);
                if (n <= 0)
                    break;
                k->pos = 0;
                k->len = (size_t)n;
            }
            n = send(k->fd, k->buf + k->pos, k->len - k->pos, MSG_NOSIGNAL);
            if (n < 0)
                break;
            k->pos += (size_t)n;
        }
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
            arm(EPOLL_CTL_MOD, k->fd, k->pos < k->len ? EPOLLOUT : EPOLLIN, k);
        } else {
            close(k->fd);
            free(k);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct signalfd_siginfo info;
    sigset_t set;
    pthread_t t;
    int sfd;

    s = listener_on(port_of(argc, argv));
    fcntl(s, F_SETFL, O_NONBLOCK);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sfd = signalfd(-1, &set, SFD_CLOEXEC);
    ep = epoll_create1(EPOLL_CLOEXEC);
    arm(EPOLL_CTL_ADD, s, EPOLLIN, NULL);
    for (int i = 0; i < 4; i++)
        pthread_create(&t, NULL, work, NULL);
    while (read(sfd, &info, sizeof info) < 0)
        ;
    return 0;
}
