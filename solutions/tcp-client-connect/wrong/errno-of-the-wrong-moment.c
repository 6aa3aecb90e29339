/* mistake: saves errno after close(), not before it */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(int fd)
{
    int saved;

    close(fd);
    saved = errno;
    errno = saved;
    return -1;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0 ? fail(fd) : fd;
}
