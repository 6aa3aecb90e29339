/* mistake: tests what getsockopt() returns instead of the value it stores */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int finished(int fd)
{
    struct pollfd p = { fd, POLLOUT, 0 };
    int err;
    socklen_t len = sizeof err;

    if (poll(&p, 1, 1500) != 1)
        return -1;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0)
        return 1;
    return errno == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, ret;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        ret = 1;
    else if (errno == EINPROGRESS)
        ret = finished(fd);
    else
        ret = errno == ECONNREFUSED ? 0 : -1;
    close(fd);
    return ret;
}
