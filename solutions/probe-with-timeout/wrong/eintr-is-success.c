/* mistake: what poll() returns is compared with 0 alone, so a signal is taken for the answer */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (port < 1 || port > 65535)
        return -2;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int r = connect(fd, (void *)&a, sizeof a);
    if (r < 0 && errno == EINPROGRESS) {
        struct pollfd p = { fd, POLLOUT, 0 };
        r = poll(&p, 1, timeout_ms < 0 ? 0 : timeout_ms);
        if (r == 0) {
            close(fd);
            return 1;
        }
        int e = 0;
        socklen_t n = sizeof e;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n);
        close(fd);
        return e == 0 ? 0 : e == ECONNREFUSED ? -1 : -2;
    }
    int e = errno;
    close(fd);
    return r == 0 ? 0 : e == ECONNREFUSED ? -1 : -2;
}
