/* mistake: no answer within the time of poll() counts as closed */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct pollfd p = { .events = POLLOUT };
    int err = 0, n;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -1;
    p.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (p.fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(p.fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        n = poll(&p, 1, 1000);
        if (n == 0) {
            close(p.fd);
            return 0;
        }
        if (n < 0 || getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            err = errno;
    }
    close(p.fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
