/* style: the connection as a FILE, asctime() of localtime() */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static void usage(void)
{
    fputs("Usage: daytime_server PORT\n", stderr);
    exit(2);
}

static int listen_on(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int yes = 1, s = socket(PF_INET, SOCK_STREAM, 0);

    if (s == -1)
        die("socket");
    if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == -1)
        die("setsockopt");
    if (bind(s, (struct sockaddr *)&a, sizeof a) == -1)
        die("bind");
    if (listen(s, 128) == -1)
        die("listen");
    return s;
}

static void serve(int client)
{
    time_t now = time(NULL);
    FILE *out = fdopen(client, "w");

    if (out == NULL) {
        close(client);
        return;
    }
    fprintf(out, "%.24s\r\n", asctime(localtime(&now)));
    fclose(out); /* flushes, and closes the descriptor too */
}

int main(int argc, char *argv[])
{
    int port, listener, client;
    char rest;

    if (argc != 2 || sscanf(argv[1], "%9d%c", &port, &rest) != 1 || port < 1 || port > 65535)
        usage();
    signal(SIGPIPE, SIG_IGN);
    listener = listen_on(port);
    printf("listening on port %d\n", port);
    for (;;)
        if ((client = accept(listener, NULL, NULL)) != -1)
            serve(client);
}
