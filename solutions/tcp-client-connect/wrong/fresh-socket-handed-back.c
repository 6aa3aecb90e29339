/* mistake: tries with one socket, closes it, and hands a second one over that was never connected */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int port_is_open(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), rc, err;

    if (fd < 0)
        return 0;
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(fd, (struct sockaddr *)&sa, sizeof sa);
    err = errno;
    close(fd);
    errno = err;
    return rc == 0;
}

int tcp_client_connect(int port)
{
    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    if (!port_is_open(port))
        return -1;
    return socket(AF_INET, SOCK_STREAM, 0);
}
