/* style: sleeps in sigsuspend(); SIGIO tells that somebody is there */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void note(int number)
{
    if (number == SIGTERM)
        stop = 1;
}

int main(int argc, char **argv)
{
    struct sigaction action = { .sa_handler = note };
    sigset_t blocked, before;
    struct sockaddr_in here;
    long port = 0;
    char *end;

    if (argc == 2 && strlen(argv[1]) < 6) {
        port = strtol(argv[1], &end, 10);
        if (*end)
            port = 0;
    }
    if (port < 1 || port > 0xffff) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        exit(2);
    }
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGIO);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before); /* they arrive in sigsuspend() only */
    sigaction(SIGIO, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;
    memset(&here, 0, sizeof here);
    here.sin_family = AF_INET;
    here.sin_port = htons((uint16_t)port);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0) {
        perror("bind");
        exit(1);
    }
    fcntl(listener, F_SETOWN, getpid());
    fcntl(listener, F_SETFL, O_NONBLOCK | O_ASYNC);
    if (listen(listener, 32) < 0) {
        perror("listen");
        exit(1);
    }
    while (!stop) {
        int client;
        while ((client = accept(listener, NULL, NULL)) >= 0) {
            char line[32];
            time_t now = time(NULL);
            strcpy(line, ctime(&now));
            strcpy(line + 24, "\r\n");
            send(client, line, 26, MSG_NOSIGNAL);
            close(client);
        }
        sigsuspend(&before);
    }
    return 0;
}
