/* mistake: milliseconds are put into tv_usec as they are */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, n, err = 0;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms < 0)
        timeout_ms = 0;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        do {
            fd_set w;
            FD_ZERO(&w);
            if (fd >= FD_SETSIZE) {
                close(fd);
                return -2;
            }
            FD_SET(fd, &w);
            struct timeval tv = { timeout_ms / 1000, timeout_ms % 1000 };
            n = select(fd + 1, NULL, &w, NULL, &tv);
        } while (n < 0 && errno == EINTR);
        if (n == 0) {
            close(fd);
            return 1;
        }
        if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0) {
            close(fd);
            return -2;
        }
    }
    close(fd);
    if (err == 0)
        return 0;
    return err == ECONNREFUSED ? -1 : -2;
}
