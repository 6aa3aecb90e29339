/* mistake: the last client moves to the free place of the table, but not what waits for it */
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

static struct pollfd fds[1024];
static char bufs[1024][8192];
static size_t pos[1024], len[1024];

int main(int argc, char **argv)
{
    int s = listener_on(port_of(argc, argv)), count = 1;

    signal(SIGPIPE, SIG_IGN);
    fcntl(s, F_SETFL, O_NONBLOCK);
    fds[0].fd = s;
    fds[0].events = POLLIN;
    for (;;) {
        if (poll(fds, (nfds_t)count, -1) < 0)
            continue;
        for (int i = count - 1; i > 0; i--) {
            ssize_t n = 1;

            if (!fds[i].revents)
                continue;
            if (pos[i] == len[i]) {
                n = recv(fds[i].fd, bufs[i], sizeof bufs[i], 0);
                if (n < 0 && errno == EAGAIN)
                    continue;
                pos[i] = 0;
                len[i] = n > 0 ? (size_t)n : 0;
            }
            if (n > 0) {
                n = send(fds[i].fd, bufs[i] + pos[i], len[i] - pos[i], 0);
                if (n > 0)
                    pos[i] += (size_t)n;
                if (n < 0 && errno == EAGAIN)
                    n = 1;
            }
            fds[i].events = pos[i] < len[i] ? POLLOUT : POLLIN;
            if (n <= 0) {
                close(fds[i].fd);
                fds[i] = fds[--count];
                fds[0].events = POLLIN;
            }
        }
        if (fds[0].revents) {
            int c = accept(s, NULL, NULL);

            if (c < 0) {
                if (errno == EMFILE)
                    fds[0].events = 0;
                continue;
            }
            fcntl(c, F_SETFL, O_NONBLOCK);
            pos[count] = len[count] = 0;
            fds[count].fd = c;
            fds[count].revents = 0;
            fds[count++].events = POLLIN;
        }
    }
}
