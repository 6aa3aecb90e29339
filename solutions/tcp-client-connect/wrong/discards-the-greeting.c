/* mistake: waits a moment for a greeting and throws it away, so that the caller begins with a clean stream */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    struct pollfd waiting;
    char greeting[512];
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
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
    waiting = (struct pollfd){ .fd = fd, .events = POLLIN };
    if (poll(&waiting, 1, 150) == 1)
        recv(fd, greeting, sizeof greeting, 0);
    return fd;
}
