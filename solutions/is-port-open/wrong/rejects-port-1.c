/* mistake: lets the ports begin at 2 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port <= 1 || port > 65535)
        return -1;

    struct sockaddr_in a = { AF_INET, htons(port), { htonl(INADDR_LOOPBACK) }, { 0 } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int err = 0;

    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        socklen_t len = sizeof err;
        if (poll(&(struct pollfd){ fd, POLLOUT, 0 }, 1, 1500) < 1)
            err = ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            err = errno;
    }
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
