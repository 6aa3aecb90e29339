/* mistake: the port is kept in a short, where half of all ports are negative */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int open_listener(int argc, char **argv)
{
    char *end = NULL;
    short port = 0;
    if (argc == 2) {
        errno = 0;
        port = strtol(argv[1], &end, 10);
    }
    if (argc != 2 || end == argv[1] || *end != '\0' || errno || port < 1 ) {
        fprintf(stderr, "usage: daytime_server PORT\n");
        exit(2);
    }
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (s == -1) { perror("socket"); exit(1); }
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (struct sockaddr *)&a, sizeof a) == -1) { perror("bind"); exit(1); }
    if (listen(s, SOMAXCONN) == -1) { perror("listen"); exit(1); }
    signal(SIGPIPE, SIG_IGN);
    return s;
}

static void answer(int c)
{
    time_t t = time(NULL);
    dprintf(c, "%.24s\r\n", ctime(&t));
}

int main(int argc, char **argv)
{
    int s = open_listener(argc, argv);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c == -1) continue;
        answer(c);
        close(c);
    }
}
