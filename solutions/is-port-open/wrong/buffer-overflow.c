/* mistake: the buffer for "address:port" is one byte short for ports of five digits */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void parse(const char *where, struct sockaddr_in *a)
{
    char host[16];
    size_t n = strcspn(where, ":");

    memcpy(host, where, n);
    host[n] = '\0';
    a->sin_family = AF_INET;
    a->sin_port = htons(atoi(where + n + 1));
    inet_pton(AF_INET, host, &a->sin_addr);
}

int is_port_open(int port)
{
    char where[15];
    struct sockaddr_in a = { 0 };
    int err = 0;

    if (port < 1 || port > 65535)
        return -1;
    sprintf(where, "127.0.0.1:%d", port);
    parse(where, &a);

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
