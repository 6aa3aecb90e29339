/* mistake: what waits for a client is kept by its descriptor's number, and not forgotten when the client is gone */
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

#define MOST 1024
static char *rest[MOST];
static size_t pos[MOST], len[MOST];
static struct pollfd fds[MOST];

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
            int c = fds[i].fd, gone = 0;
            ssize_t n;

            if (!fds[i].revents)
                continue;
            if (pos[c] == len[c]) {
                n = recv(c, rest[c], 16384, 0);
                if (n > 0) {
                    pos[c] = 0;
                    len[c] = (size_t)n;
                } else if (n == 0 || errno != EAGAIN) {
                    gone = 1;
                }
            }
            if (!gone && pos[c] < len[c]) {
                n = send(c, rest[c] + pos[c], len[c] - pos[c], 0);
                if (n > 0)
                    pos[c] += (size_t)n;
                else if (n < 0 && errno != EAGAIN)
                    gone = 1;
            }
            fds[i].events = pos[c] < len[c] ? POLLOUT : POLLIN;
            if (gone) {
                close(c);
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
            if (!rest[c])
                rest[c] = malloc(16384);
            fds[count].fd = c;
            fds[count].revents = 0;
            fds[count++].events = pos[c] < len[c] ? POLLOUT : POLLIN;
        }
    }
}
