/* style: non-blocking by ioctl(FIONBIO); a second connect() asks how it went; select() only where the number fits */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int wait_writable(int fd)
{
    if (fd < FD_SETSIZE) {
        fd_set set;
        struct timeval limit = { 1, 700000 };
        FD_ZERO(&set);
        FD_SET(fd, &set);
        return select(fd + 1, NULL, &set, NULL, &limit);
    }
    return poll(&(struct pollfd){ fd, POLLOUT, 0 }, 1, 1700);
}

int tcp_client_connect(int port)
{
    struct sockaddr_in peer = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int on = 1, off = 0, error = 0, ready, fd;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    peer.sin_port = htons(port);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (ioctl(fd, FIONBIO, &on) < 0)
        goto failed;

    while (connect(fd, (struct sockaddr *)&peer, sizeof peer) < 0 && errno != EISCONN) {
        if (errno != EINPROGRESS && errno != EALREADY && errno != EINTR)
            goto failed;
        ready = wait_writable(fd);
        if (ready < 0 && errno != EINTR)
            goto failed;
        if (ready == 0) {
            errno = ETIMEDOUT;
            goto failed;
        }
    }
    if (ioctl(fd, FIONBIO, &off) == 0)
        return fd;
failed:
    error = errno;
    close(fd);
    errno = error;
    return -1;
}
