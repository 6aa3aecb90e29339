/* mistake: learns from SO_ERROR what went wrong, and returns with errno still at EINPROGRESS */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd, flags, saved;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        int so_error = 0;
        socklen_t len = sizeof so_error;

        if (errno != EINPROGRESS || poll(&p, 1, -1) < 0)
            goto fail;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &so_error, &len);
        if (so_error != 0)
            goto fail;
    }
    fcntl(fd, F_SETFL, flags);
    return fd;

fail:
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}
