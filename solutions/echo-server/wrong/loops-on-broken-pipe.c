/* mistake: EPIPE is taken for "not now" */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_listener(int argc, char **argv)
{
    char *end = NULL;
    long port = 0;
    if (argc == 2) {
        errno = 0;
        port = strtol(argv[1], &end, 10);
    }
    if (argc != 2 || end == argv[1] || *end != '\0' || errno || port < 1 || port > 65535) {
        fprintf(stderr, "usage: echo_server PORT\n");
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

/* EPIPE taken for "try again" */
static void talk(int c)
{
    char b[8192]; ssize_t n;
    while ((n = recv(c, b, sizeof b, 0)) > 0)
        for (ssize_t at = 0, k; at < n; ) {
            k = send(c, b + at, n - at, MSG_NOSIGNAL);
            if (k < 0) { usleep(20000); continue; }
            at += k;
        }
    close(c);
}

static void *run(void *p) { talk((int)(long)p); return NULL; }
int main(int argc, char **argv)
{
    int s = open_listener(argc, argv);
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    for (;;) {
        pthread_t t;
        int c = accept(s, NULL, NULL);
        if (c == -1) { if (errno == EMFILE || errno == ENFILE) usleep(50000); continue; }
        if (pthread_create(&t, &a, run, (void *)(long)c)) close(c);
    }
}
