/* mistake: close() is called again where errno says EINTR, though the descriptor is gone already */
#include <errno.h>
#include <netdb.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    int err = errno;
    errno = 0;
    do
        close(fd);
    while (errno == EINTR);
    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
