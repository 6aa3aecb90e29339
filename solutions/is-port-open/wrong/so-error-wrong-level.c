/* mistake: asks for SO_ERROR at the level of TCP, where that number is another option */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int err = 0;

    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        struct pollfd p = { fd, POLLOUT, 0 };
        socklen_t len = sizeof err;
        if (poll(&p, 1, 1500) < 1)
            err = ETIMEDOUT;
        else if (getsockopt(fd, IPPROTO_TCP, SO_ERROR, &err, &len) < 0)
            err = errno;
    }
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
