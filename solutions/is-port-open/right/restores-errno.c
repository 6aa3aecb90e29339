/* style: puts the caller's errno back */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int probe(struct in_addr host, int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = host };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0)
        return errno;
    int err = 0;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err;
}

int is_port_open(int port)
{
    int before = errno;
    int err;

    if (port < 1 || port > 65535)
        return -1;
    err = probe((struct in_addr){ htonl(INADDR_LOOPBACK) }, port);
    errno = before;
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
