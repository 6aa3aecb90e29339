/* style: a pipe wakes pselect() up at SIGTERM, and the program ends in order */
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

static int wake[2];

static void stop(int number)
{
    int saved = errno;

    (void)number;
    write(wake[1], "x", 1);
    errno = saved;
}

int main(int argc, char **argv)
{
    int s = listener_on(port_of(argc, argv));
    struct sigaction sa = { .sa_handler = stop, .sa_flags = SA_RESTART };

    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) < 0)
        return 1;
    sigaction(SIGTERM, &sa, NULL);
    signal(SIGPIPE, SIG_IGN);
    fcntl(s, F_SETFL, O_NONBLOCK);
    for (;;) {
        fd_set set;
        struct iovec *unused = NULL;
        char text[32];
        struct tm tm;
        time_t t;
        int c;

        (void)unused;
        FD_ZERO(&set);
        FD_SET(s, &set);
        FD_SET(wake[0], &set);
        if (pselect((s > wake[0] ? s : wake[0]) + 1, &set, NULL, NULL, NULL, NULL) < 0)
            continue;
        if (FD_ISSET(wake[0], &set))
            break;
        while ((c = accept(s, NULL, NULL)) >= 0) {
            t = time(NULL);
            localtime_r(&t, &tm);
            asctime_r(&tm, text);
            memcpy(text + 24, "\r\n", 3);
            if (send(c, text, 26, 0) < 0)
                perror("send");
            close(c);
        }
    }
    close(s);
    close(wake[0]);
    close(wake[1]);
    return 0;
}
