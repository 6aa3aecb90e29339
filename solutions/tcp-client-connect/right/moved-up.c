/* style: the connected descriptor is moved above the standard ones, as daemons do; the first one is closed */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct client {
    int fd;
    int error;
} client;

static client *client_new(void)
{
    client *c = malloc(sizeof *c);
    if (c)
        *c = (client){ .fd = -1, .error = 0 };
    return c;
}

static int client_free(client *c)
{
    int fd = c->fd, error = c->error;
    free(c);
    if (error && fd >= 0)
        close(fd);
    if (error)
        errno = error;
    return error ? -1 : fd;
}

static int failed(client *c, int condition)
{
    if (condition)
        c->error = errno;
    return condition;
}

int tcp_client_connect(int port)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port & 0xffff), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };
    client *c = client_new();
    int high;

    if (c == NULL)
        return -1;
    errno = EINVAL;
    if (failed(c, port < 1 || port > 65535) || failed(c, (c->fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) ||
        failed(c, connect(c->fd, (const struct sockaddr *)&to, sizeof to) < 0))
        return client_free(c);
    high = fcntl(c->fd, F_DUPFD_CLOEXEC, 3);
    if (!failed(c, high < 0)) {
        close(c->fd);
        c->fd = high;
    }
    return client_free(c);
}
