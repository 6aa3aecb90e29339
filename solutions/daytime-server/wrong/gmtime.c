/* mistake: it is the time of Greenwich */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
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
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, 64) < 0) { perror("daytime_server"); exit(1); }
    return s;
}
static void say(int c)
{
    char line[64]; time_t now = time(NULL);
    int n = snprintf(line, sizeof line, "%.24s\r\n", asctime(gmtime(&now)));
    send(c, line, n, MSG_NOSIGNAL);
}

int main(int argc, char **argv)
{
    int s = open_port(argc, argv);
    for (;;) { int c = accept(s, NULL, NULL); if (c < 0) continue; say(c); close(c); }
}
