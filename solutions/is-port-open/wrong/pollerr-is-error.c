/* mistake: POLLERR is an error at once, although a refusal shows itself that way too */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int wait_connected(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    int e = 0;
    socklen_t n = sizeof e;

    if (poll(&p, 1, 1500) != 1)
        return -1;
    if (p.revents & (POLLERR | POLLNVAL))
        return -1;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) < 0)
        return -1;
    return e == 0 ? 1 : e == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, ret = -1;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        ret = 1;
    else if (errno == ECONNREFUSED)
        ret = 0;
    else if (errno == EINPROGRESS)
        ret = wait_connected(fd);
    close(fd);
    return ret;
}
