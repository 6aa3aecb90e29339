/* style: SIGPIPE may end a worker; the parent makes another one */
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

static void work(int s)
{
    for (;;) {
        char line[64];
        int c = accept(s, NULL, NULL);
        time_t t;

        if (c < 0)
            continue;
        t = time(NULL);
        snprintf(line, sizeof line, "%.24s\r\n", ctime(&t));
        write(c, line, 26);
        close(c);
    }
}

int main(int argc, char **argv)
{
    int s = listener_on(port_of(argc, argv)), running = 0;
    pid_t me = getpid();

    for (;;) {
        while (running < 3) {
            pid_t child = fork();
            if (child == 0) {
                prctl(PR_SET_PDEATHSIG, SIGTERM);
                if (getppid() != me)
                    _exit(0);
                work(s);
            }
            if (child > 0)
                running++;
        }
        if (wait(NULL) > 0)
            running--;
    }
}
