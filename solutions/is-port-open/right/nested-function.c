/* a nested function (GNU C) */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
static int with_socket(int (*body)(int fd))
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    int r = body(fd);
    close(fd);
    return r;
}
int is_port_open(int port)
{
    int probe(int fd)
    {
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) return 1;
        return errno == ECONNREFUSED ? 0 : -1;
    }
    return port < 1 || port > 65535 ? -1 : with_socket(probe);
}
