/* mistake: a client that does not read for a moment is hung up on */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
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

static void *run(void *p)
{
    int c = (int)(long)p; struct timeval tv = { 0, 300000 };
    setsockopt(c, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);   /* a client that does not read is no client */
    talk(c);
    return NULL;
}
int main(int argc, char **argv)
{
    int s = open_port(argc, argv);
    for (;;) {
        pthread_t t; int c = accept(s, NULL, NULL);
        if (c < 0) { if (errno == EMFILE) usleep(100000); continue; }
        if (pthread_create(&t, NULL, run, (void *)(long)c) == 0) pthread_detach(t); else close(c);
    }
}
