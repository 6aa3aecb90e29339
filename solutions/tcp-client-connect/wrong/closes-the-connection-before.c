/* mistake: a new call closes the connection of the one before, which is the caller's */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    static int fd = -1;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    if (fd != -1)
        close(fd);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
        return -1;
    a.sin_port = htons(port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        int err = errno;
        close(fd);
        fd = -1;
        errno = err;
        return -1;
    }
    return fd;
}
