/* a socket for IPv6 at ::ffff:127.0.0.1, which is 127.0.0.1 and nothing else */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static int setup(int argc, char **argv)
{
    char *end;
    long port;
    if (argc != 2 || !*argv[1] || (port = strtol(argv[1], &end, 10)) < 1 || port > 65535 || *end) {
        fprintf(stderr, "Usage: %s <port>\n", argv[0]);
        exit(2);
    }
    int s = socket(AF_INET6, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in6 me;
    memset(&me, 0, sizeof me);
    me.sin6_family = AF_INET6;
    me.sin6_port = htons(port);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &me.sin6_addr);
    if (bind(s, (struct sockaddr *)&me, sizeof me) == -1) {
        perror("bind");
        exit(1);
    }
    if (listen(s, 128) == -1) {
        perror("listen");
        exit(1);
    }
    signal(SIGPIPE, SIG_IGN);
    return s;
}

int main(int argc, char **argv)
{
    int s = setup(argc, argv);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c < 0)
            continue;
        time_t now = time(NULL);
        char line[64];
        snprintf(line, sizeof line, "%.24s\r\n", ctime(&now));
        send(c, line, strlen(line), 0);
        close(c);
    }
}
