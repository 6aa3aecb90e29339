/* mistake: the connection of the last call is given again when the port is the same */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    static int cached_port, cached_fd = -1;
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    if (port == cached_port && cached_fd >= 0)
        return cached_fd;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    cached_port = port;
    cached_fd = fd;
    return fd;
}
