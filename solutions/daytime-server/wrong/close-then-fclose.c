/* mistake: close() and then fclose() of the stream that stands on the same descriptor */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int port_of(int argc, char **argv)
{
    char *end = NULL;
    long value;
    if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9') {
        errno = 0;
        value = strtol(argv[1], &end, 10);
        if (*end == '\0' && errno == 0 && value >= 1 && value <= 65535)
            return (int)value;
    }
    fprintf(stderr, "usage: daytime_server PORT\n");
    exit(2);
}

static int listen_on(int port)
{
    struct sockaddr_in sa;
    int on = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    memset(&sa, 0, sizeof sa);
    sa.sin_family = AF_INET;
    sa.sin_port = htons((uint16_t)port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(s, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(s, SOMAXCONN) < 0) {
        perror("daytime_server");
        exit(1);
    }
    return s;
}

int main(int argc, char **argv)
{
    int s = listen_on(port_of(argc, argv));
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c < 0)
            continue;
        FILE *f = fdopen(c, "w");
        if (!f) {
            close(c);
            continue;
        }
        time_t now = time(NULL);
        fprintf(f, "%.24s\r\n", ctime(&now));
        fflush(f);
        close(c);
        fclose(f);
    }
}
