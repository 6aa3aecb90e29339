/* mistake: waits for POLLIN, but a new connection to a silent listener is only writable */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct pollfd p = { .events = POLLIN };
    int err = 0;
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
    if (err == EINPROGRESS && poll(&p, 1, 500) == 1)
        getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err, &len);
    close(p.fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
