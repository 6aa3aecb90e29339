/* mistake: a time limit on reading ends the conversation of a client that is merely silent */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t w = send(fd, p, n, MSG_NOSIGNAL);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return -1;
        p += w;
        n -= (size_t)w;
    }
    return 0;
}

static void *client_main(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char buffer[32 * 1024];
    struct timeval limit = {1, 500000};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    for (;;) {
        ssize_t n = recv(fd, buffer, sizeof buffer, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || write_all(fd, buffer, (size_t)n) < 0)
            break;
    }
    close(fd);
    return NULL;
}

static int die(const char *what)
{
    fprintf(stderr, "echo_server: %s: %s\n", what, strerror(errno));
    return 1;
}

int main(int argc, char **argv)
{
    char *rest = NULL;
    errno = 0;
    long port = argc == 2 ? strtol(argv[1], &rest, 10) : -1;
    if (argc != 2 || rest == argv[1] || *rest || errno || port <= 0 || port >= 65536) {
        fprintf(stderr, "usage: %s PORT\n", argc > 0 ? argv[0] : "echo_server");
        return 2;
    }

    struct sockaddr_in sa;
    memset(&sa, 0, sizeof sa);
    sa.sin_family = AF_INET;
    sa.sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, "127.0.0.1", &sa.sin_addr);
    int lfd = socket(AF_INET, SOCK_STREAM, 0);
    if (lfd < 0)
        return die("socket");
    int yes = 1;
    if (setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0)
        return die("setsockopt");
    if (bind(lfd, (struct sockaddr *)&sa, sizeof sa) < 0)
        return die("bind");
    if (listen(lfd, 256) < 0)
        return die("listen");

    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 256 * 1024);
    for (;;) {
        int fd = accept(lfd, NULL, NULL);
        if (fd < 0) {
            struct timespec pause = { 0, 20 * 1000 * 1000 };
            if (errno != EINTR && errno != ECONNABORTED)
                nanosleep(&pause, NULL); /* out of descriptors or memory: until somebody leaves */
            continue;
        }
        pthread_t thread;
        if (pthread_create(&thread, &attr, client_main, (void *)(intptr_t)fd) != 0)
            close(fd);
    }
}
