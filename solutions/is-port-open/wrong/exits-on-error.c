/* mistake: ends the whole program on an error instead of returning -1 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, ret = 1;

    if (port < 1 || port > 65535)
        return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        die("socket");
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
        if (errno != ECONNREFUSED)
            die("connect");
        ret = 0;
    }
    close(fd);
    return ret;
}
