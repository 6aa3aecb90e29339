/* mistake: closes the socket twice when the connection fails after it was under way */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in addr = { .sin_family = AF_INET };
    int fd, flags, err = 0;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
        return -1;
    flags = fcntl(fd, F_GETFL, 0);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == -1) {
        err = errno;
        if (err == EINPROGRESS) {
            struct pollfd p = { .fd = fd, .events = POLLOUT };
            int n;
            while ((n = poll(&p, 1, 1500)) == -1 && errno == EINTR)
                ;
            if (n <= 0)
                err = n ? errno : ETIMEDOUT;
            else
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
        }
    }
    if (len != sizeof err || (err && err != ECONNREFUSED && err != EACCES && err != ETIMEDOUT && err != EPERM))
        close(fd);
    if (err != 0) {
        close(fd);
        errno = err;
        return -1;
    }
    fcntl(fd, F_SETFL, flags);
    return fd;
}
