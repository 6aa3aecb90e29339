/* mistake: strtol() without a look at where the number ends */
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
        if (!errno && end != argv[1] && n >= 1 && n <= 65535)
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

static int send_all(int c, const char *p, ssize_t n)
{
    while (n > 0) {
        ssize_t k = send(c, p, (size_t)n, MSG_NOSIGNAL);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return -1;
        p += k;
        n -= k;
    }
    return 0;
}

static void *serve(void *arg)
{
    int c = (int)(long)arg;
    char buf[4096];
    ssize_t n;

    while ((n = recv(c, buf, sizeof buf, 0)) > 0) {
        if (send_all(c, buf, n) < 0)
            break;
    }
    close(c);
    return NULL;
}

int main(int argc, char **argv)
{
    int s = listener_on(port_of(argc, argv));

    for (;;) {
        pthread_t t;
        int c = accept(s, NULL, NULL);

        if (c < 0) {
            if (errno == EMFILE || errno == ENFILE)
                usleep(50000);
            continue;
        }
        if (pthread_create(&t, NULL, serve, (void *)(long)c) != 0)
            close(c);
        else
            pthread_detach(t);
    }
}
