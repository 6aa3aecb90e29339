/* style: shuts down its side, then reads for a moment what the client has said, so that no reset is sent */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void show_out(int client)
{
    char rubbish[4096];

    shutdown(client, SHUT_WR);
    /* No longer than that: a client that stays must not keep the next one waiting. */
    for (int rounds = 0; rounds < 16; rounds++)
        if (recv(client, rubbish, sizeof rubbish, MSG_DONTWAIT) <= 0)
            break;
    close(client);
}

int main(int argc, char **argv)
{
    const char *name = argv[0] ? argv[0] : "daytime_server";
    struct sockaddr_in here = { .sin_family = AF_INET };
    int listener, on = 1;
    double port;
    char *end;

    if (argc != 2 || argv[1][strspn(argv[1], "0123456789")] != '\0' || (port = strtod(argv[1], &end)) < 1
        || port > 65535) {
        fprintf(stderr, "usage: %s PORT\n", name);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    here.sin_port = htons((in_port_t)port);
    if (!inet_aton("127.0.0.1", &here.sin_addr))
        return 1;
    if ((listener = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return perror("socket"), 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        return perror("setsockopt"), 1;
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0)
        return perror("bind"), 1;
    if (listen(listener, 32) < 0)
        return perror("listen"), 1;
    while (1) {
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        time_t now = time(NULL);
        dprintf(client, "%.24s\r\n", ctime(&now));
        show_out(client);
    }
}
