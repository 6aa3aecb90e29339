/* mistake: takes "writable" for "connected" and never reads SO_ERROR */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct pollfd p = { .events = POLLOUT };
    int ret = -1;

    if (port < 1 || port > 65535)
        return -1;
    p.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (p.fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(p.fd, (struct sockaddr *)&a, sizeof a) == 0)
        ret = 1;
    else if (errno == ECONNREFUSED)
        ret = 0;
    else if (errno == EINPROGRESS && poll(&p, 1, 1500) == 1 && (p.revents & POLLOUT))
        ret = 1;
    close(p.fd);
    return ret;
}
