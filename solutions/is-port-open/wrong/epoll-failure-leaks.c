// mistake: where epoll_create1() fails the socket stays open
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return -1;
    int ep = epoll_create1(0);
    if (ep == -1)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int error = 0;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1) {
        error = errno;
        if (error == EINPROGRESS) {
            struct epoll_event ev = {.events = EPOLLOUT};
            epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
            while (epoll_wait(ep, &ev, 1, -1) == -1 && errno == EINTR)
                ;
            socklen_t n = sizeof error;
            getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
        }
    }
    close(ep);
    close(fd);
    return error == 0 ? 1 : error == ECONNREFUSED ? 0 : -1;
}
