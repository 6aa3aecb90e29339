/* mistake: never checks socket(), so -1 goes into FD_SET, connect() and close() */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct timeval limit = { 1, 0 };
    fd_set set;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    FD_ZERO(&set);
    if (fd < FD_SETSIZE) {
        FD_SET(fd, &set);
        fcntl(fd, F_SETFL, O_NONBLOCK);
    }

    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        socklen_t len = sizeof err;
        if (select(fd + 1, NULL, &set, NULL, &limit) <= 0)
            err = ETIMEDOUT;
        else
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
    }
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
