/* mistake: waits for one child each time that a client comes */
#define _GNU_SOURCE
#include <arpa/inet.h>
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


int main(int argc, char **argv)
{
    int s = setup(argc, argv);
    
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c < 0) {
            usleep(20000);
            continue;
        }
        pid_t pid = fork();
        if (pid == 0) {
            char buf[4096];
            ssize_t n;
            close(s);
            
            while ((n = read(c, buf, sizeof buf)) > 0)
                if (sendall(c, buf, n))
                    break;
            close(c);
            exit(0);
        }
        close(c);
        waitpid(-1, NULL, WNOHANG); /* collect the one that ended */
    }
}
