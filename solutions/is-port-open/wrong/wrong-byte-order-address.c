/* mistake: INADDR_LOOPBACK without htonl() is the address 1.0.0.127 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in a = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = INADDR_LOOPBACK,
    };
    int err = 0;
    socklen_t len = sizeof err;
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS && poll(&p, 1, 1000) == 1)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
