/* mistake: the first argument of select() is fd instead of fd + 1, so nobody is watched */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct timeval tv = { .tv_usec = 500000 };
    fd_set writefds;
    int fd, ret = -1, err;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (fd < FD_SETSIZE)
        fcntl(fd, F_SETFL, O_NONBLOCK);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) {
        ret = 1;
    } else if (errno == ECONNREFUSED) {
        ret = 0;
    } else if (errno == EINPROGRESS) {
        FD_ZERO(&writefds);
        FD_SET(fd, &writefds);
        if (select(fd, NULL, &writefds, NULL, &tv) == 1 &&
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0)
            ret = err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
    }
    close(fd);
    return ret;
}
