/* mistake: what is below 10 has one place */
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

int main(int argc, char **argv)
{
    int s = setup(argc, argv);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c < 0)
            continue;
        time_t now = time(NULL);
        char line[64];
        struct tm *t = localtime(&now);
        const char *d[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
        const char *m[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
        sprintf(line, "%s %s %2d %d:%d:%d %d\r\n", d[t->tm_wday], m[t->tm_mon], t->tm_mday, t->tm_hour, t->tm_min, t->tm_sec, t->tm_year + 1900);
        send(c, line, strlen(line), 0);
        close(c);
    }
}
