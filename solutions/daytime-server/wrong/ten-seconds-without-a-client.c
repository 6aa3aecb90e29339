/* mistake: when nobody has come for a while the program ends */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

int main(int argc, char *argv[])
{
    const struct timeval patience = { 10, 0 };
    const int yes = 1;
    char rest;
    long number;
    if (argc != 2 || sscanf(argv[1], "%6ld%c", &number, &rest) != 1 || number < 1 || number > 65535) {
        fputs("usage: daytime_server PORT\n", stderr);
        return 2;
    }
    const int listening = socket(AF_INET, SOCK_STREAM, 0);
    if (listening == -1)
        die("socket");
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((uint16_t)number) };
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listening, (struct sockaddr *)&here, sizeof here) == -1)
        die("bind");
    if (listen(listening, 64) == -1)
        die("listen");
    for (;;) {
        char line[64];
        const int caller = accept(listening, NULL, NULL);
        if (caller == -1 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (caller == -1)
            die("accept");
        const time_t now = time(NULL);
        const size_t length = strftime(line, sizeof line, "%a %b %e %H:%M:%S %Y\r\n", localtime(&now));
        send(caller, line, length, MSG_NOSIGNAL);
        close(caller);
    }
}
