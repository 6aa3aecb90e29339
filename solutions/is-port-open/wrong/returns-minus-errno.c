/* mistake: returns -errno in the manner of the kernel instead of -1 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int try_port(int fd, int port)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return 1;
    return -errno;
}

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -EINVAL;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -errno;
    int r = try_port(fd, port);
    close(fd);
    return r == -ECONNREFUSED ? 0 : r;
}
