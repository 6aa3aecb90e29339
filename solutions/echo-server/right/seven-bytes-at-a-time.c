/* seven bytes at a time, a process for each client */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#include <errno.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char *rest;
    long port = argc == 2 ? strtol(argv[1], &rest, 10) : 0;
    if (argc != 2 || !*argv[1] || *rest || port < 1 || port > 65535) {
        fprintf(stderr, "usage: echo_server PORT\n");
        return 2;
    }
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0)
        return 1;
    int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 128)) {
        perror("echo_server");
        return 1;
    }
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) {
            if (errno == EMFILE || errno == ENFILE)
                usleep(10000);
            continue;
        }
        pid_t child = fork();
        if (child == 0) {
            char few[7];
            ssize_t got;
            close(listener);
            while ((got = read(client, few, sizeof few)) > 0)
                for (ssize_t at = 0, sent; at < got; at += sent)
                    if ((sent = write(client, few + at, (size_t)(got - at))) < 0)
                        _exit(1);
            _exit(0);
        }
        close(client);
    }
}
