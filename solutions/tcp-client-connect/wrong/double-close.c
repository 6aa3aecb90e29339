/* mistake: a helper closes the socket, and its caller closes it again */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int try_connect(int fd, int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
    int err;

    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) == 0)
        return 0;
    err = errno;
    close(fd);
    errno = err;
    return -1;
}

int tcp_client_connect(int port)
{
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (try_connect(fd, port) < 0) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}
