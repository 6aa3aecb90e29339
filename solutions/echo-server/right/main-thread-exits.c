/* the first thread ends by pthread_exit(), and the others go on */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int setup(int argc, char **argv)
{
    char *end;
    long port;
    if (argc != 2 || !*argv[1] || (port = strtol(argv[1], &end, 10)) < 1 || port > 65535 || *end) {
        fprintf(stderr, "Usage: %s <port>\n", argv[0]);
        exit(2);
    }
    int s = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in me;
    memset(&me, 0, sizeof me);
    me.sin_family = AF_INET;
    me.sin_port = htons(port);
    me.sin_addr.s_addr = inet_addr("127.0.0.1");
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

static int sendall(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t k = send(fd, p, n, 0);
        if (k == -1)
            return -1;
        p += k;
        n -= k;
    }
    return 0;
}

static void *talk(void *arg)
{
    int fd = (int)(long)arg;
    char buf[8192];
    ssize_t n;
    while ((n = recv(fd, buf, sizeof buf, 0)) > 0)
        if (sendall(fd, buf, n))
            break;
    close(fd);
    return 0;
}

static void *accepting(void *arg)
{
    int s = (int)(long)arg;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 256 * 1024);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c == -1) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                usleep(50000);
            continue;
        }
        pthread_t t;
        if (pthread_create(&t, &attr, talk, (void *)(long)c) != 0)
            close(c);
    }
    return 0;
}

int main(int argc, char **argv)
{
    int s = setup(argc, argv);
    pthread_t t;
    if (pthread_create(&t, NULL, accepting, (void *)(long)s)) {
        perror("thread");
        exit(1);
    }
    pthread_exit(NULL);
}
