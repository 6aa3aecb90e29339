/* style: getaddrinfo() with numbers only, strftime() for the text */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int usage(const char *name)
{
    fprintf(stderr, "Usage: %s PORT\n  PORT: 1 to 65535\n", name);
    return 2;
}

static int open_listener(const char *port)
{
    struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found;
    int fd, error, one = 1;

    error = getaddrinfo("127.0.0.1", port, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(error));
        return -1;
    }
    fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 8) != 0) {
            perror(port);
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return usage(argv[0]);
    char *end;
    intmax_t number = strtoimax(argv[1], &end, 10);
    if (end == argv[1] || *end || number < 1 || number > 65535)
        return usage(argv[0]);

    int listener = open_listener(argv[1]);
    if (listener < 0)
        return 1;
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        struct sockaddr_storage peer;
        socklen_t length = sizeof peer;
        int client = accept(listener, (struct sockaddr *)&peer, &length);
        if (client < 0) {
            if (errno == EBADF || errno == EINVAL)
                return 1;
            continue;
        }
        char line[40];
        time_t now = time(NULL);
        size_t size = strftime(line, sizeof line, "%a %b %e %H:%M:%S %Y\r\n", localtime(&now));
        if (write(client, line, size) != (ssize_t)size)
            fprintf(stderr, "a client left early\n");
        shutdown(client, SHUT_RDWR);
        close(client);
    }
}
