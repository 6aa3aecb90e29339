/* style: getpeername() decides, SO_ERROR gives the reason */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct sockaddr SA;

static int reason(int fd)
{
    struct sockaddr_in peer;
    socklen_t n = sizeof peer;
    int e;

    if (getpeername(fd, (SA *)&peer, &n) == 0)
        return 0;
    n = sizeof e;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) != 0)
        return errno;
    return e != 0 ? e : ENOTCONN;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, e = 0;

    if (port < 1 || port > 65535) return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) return -1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (SA *)&a, sizeof a) == -1) e = errno;
    if (e == EINPROGRESS) {
        struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };
        e = poll(&p, 1, 1500) == 1 ? reason(fd) : ETIMEDOUT;
    }
    close(fd);
    return e == 0 ? 1 : e == ECONNREFUSED ? 0 : -1;
}
