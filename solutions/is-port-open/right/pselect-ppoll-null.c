/* pselect() and ppoll() without a timeout */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    union { struct sockaddr s; struct sockaddr_in in; struct sockaddr_storage ss; } u;
    int fd, rc, e = 0, ans;
    socklen_t n = sizeof e;
    if ((port | 0xFFFF) != 0xFFFF || !port) return -1;
    memset(&u, 0, sizeof u);
    u.in.sin_family = AF_INET;
    u.in.sin_port = htons(port);
    u.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(PF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0) return -1;
    rc = connect(fd, &u.s, sizeof u.in);
    if (rc < 0 && errno == EINPROGRESS) {
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        do rc = ppoll(&p, 1, NULL, NULL); while (rc < 0 && errno == EINTR);
        if (fd < FD_SETSIZE) {
            fd_set w; FD_ZERO(&w); FD_SET(fd, &w);
            do rc = pselect(fd + 1, NULL, &w, NULL, NULL, NULL); while (rc < 0 && errno == EINTR);
        }
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) < 0) e = errno;
    } else if (rc < 0) e = errno;
    ans = e == 0 ? 1 : e == ECONNREFUSED ? 0 : -1;
    close(fd);
    return ans;
}
