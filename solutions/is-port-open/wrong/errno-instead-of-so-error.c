/* mistake: after the wait it looks at errno, where still EINPROGRESS stands */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct pollfd p;
    int fd, e, ret = -1;
    socklen_t n = sizeof e;

    if (port < 1 || port > 65535)
        return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) {
        close(fd);
        return 1;
    }
    if (errno == EINPROGRESS) {
        p.fd = fd;
        p.events = POLLOUT;
        if (poll(&p, 1, 1500) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) < 0)
            goto out;
        if (e == 0) {
            ret = 1;
            goto out;
        }
    }
    if (errno == ECONNREFUSED)
        ret = 0;
out:
    close(fd);
    return ret;
}
