/* 160 threads made at the start, each of which accepts and serves one client after another */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 160

static int listener;

static void serve(int fd)
{
    char data[4096];
    ssize_t n;

    while ((n = read(fd, data, sizeof data)) > 0)
        for (ssize_t off = 0; off < n;) {
            ssize_t m = write(fd, data + off, n - off);
            if (m < 0)
                return;
            off += m;
        }
}

static void *worker(void *unused)
{
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd == -1) {
            usleep(100000);
            continue;
        }
        serve(fd);
        close(fd);
    }
    return unused;
}

static void usage(void)
{
    fprintf(stderr, "usage: echo_server PORT\nPORT is a number from 1 to 65535\n");
    exit(2);
}

int main(int argc, char *argv[])
{
    if (argc != 2 || strlen(argv[1]) > 5 || strspn(argv[1], "0123456789") != strlen(argv[1]))
        usage();
    int port = atoi(argv[1]);
    if (port < 1 || port > 65535)
        usage();

    signal(SIGPIPE, SIG_IGN);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in me = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&me, sizeof me) == -1 || listen(listener, 100) == -1) {
        perror("cannot listen");
        return 3;
    }
    for (int i = 1; i < THREADS; i++) {
        pthread_t t;
        if (pthread_create(&t, NULL, worker, NULL) == 0)
            pthread_detach(t);
    }
    worker(NULL);
}
