/* the first thread ends by pthread_exit(), and the others go on */
#define _GNU_SOURCE
#include <arpa/inet.h>
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

static void *accepting(void *arg)
{
    int s = (int)(long)arg;
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
