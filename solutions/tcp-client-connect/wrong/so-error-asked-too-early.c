/* mistake: poll() is given no time, and that nothing has happened yet is taken for success */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct pollfd p = { .events = POLLOUT };
    socklen_t size = sizeof(int);
    int flags, err = 0;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    p.fd = socket(AF_INET, SOCK_STREAM, 0);
    if (p.fd == -1)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    flags = fcntl(p.fd, F_GETFL);
    fcntl(p.fd, F_SETFL, flags | O_NONBLOCK);
    if (connect(p.fd, (struct sockaddr *)&a, sizeof a) == -1)
        err = errno;
    if (err == EINPROGRESS) {
        while (poll(&p, 1, 0) == -1 && errno == EINTR)
            ;
        getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err, &size);
    }
    if (err) {
        close(p.fd);
        errno = err;
        return -1;
    }
    fcntl(p.fd, F_SETFL, flags);
    return p.fd;
}
