/* mistake: half a second and more is rounded up, to a second that has not begun */
#include <arpa/inet.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int parse_port(const char *text)
{
    char *end;
    long port = strtol(text, &end, 10);

    return end != text && *end == '\0' && port >= 1 && port <= 65535 ? (int)port : -1;
}

static int open_listener(int port)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        err(1, "socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0)
        err(1, "setsockopt");
    here.sin_addr.s_addr = inet_addr("127.0.0.1");
    if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0)
        err(1, "bind");
    if (listen(fd, SOMAXCONN) < 0)
        err(1, "listen");
    return fd;
}

static void serve(int client)
{
    char line[32];
    struct timeval exact;

    gettimeofday(&exact, NULL);
    time_t now = exact.tv_sec + exact.tv_usec / 1e6 + 0.5;
    int length = snprintf(line, sizeof line, "%.24s\r\n", ctime(&now));

    send(client, line, length, MSG_NOSIGNAL);
    close(client);
}

int main(int argc, char **argv)
{
    int port = argc == 2 ? parse_port(argv[1]) : -1;
    if (port < 0) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        exit(2);
    }
    int listener = open_listener(port);
    while (1) {
        int client = accept(listener, NULL, NULL);

        if (client >= 0)
            serve(client);
    }
}
