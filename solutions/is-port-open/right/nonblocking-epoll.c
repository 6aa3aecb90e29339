/* style: epoll, two descriptors to give back */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int outcome(int sock, int ep)
{
    struct epoll_event want = { .events = EPOLLOUT, .data.fd = sock };
    struct epoll_event got;
    int err = 0;
    socklen_t len = sizeof err;

    if (epoll_ctl(ep, EPOLL_CTL_ADD, sock, &want) < 0)
        return -1;
    if (epoll_wait(ep, &got, 1, 1500) != 1)
        return -1;
    if (getsockopt(sock, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return -1;
    if (err == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int answer = -1;

    if (port < 1 || port > 65535)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    int sock = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sock < 0)
        return -1;

    if (connect(sock, (const struct sockaddr *)&a, sizeof a) == 0) {
        answer = 1;
    } else if (errno == ECONNREFUSED) {
        answer = 0;
    } else if (errno == EINPROGRESS) {
        int ep = epoll_create1(EPOLL_CLOEXEC);
        if (ep >= 0) {
            answer = outcome(sock, ep);
            close(ep);
        }
    }
    close(sock);
    return answer;
}
