/* SO_ERROR, and a second look with getpeername(); time as a double */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static bool connected(int fd)
{
    struct sockaddr_storage who;
    socklen_t len = sizeof who;
    return getpeername(fd, (struct sockaddr *)&who, &len) == 0;
}

static int outcome(int fd)
{
    int err = 0;
    socklen_t len = sizeof err;

    /* SO_ERROR comes first: a connection that was made and reset at once has no peer any more */
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return -2;
    if (err == ECONNREFUSED)
        return -1;
    return err == 0 && connected(fd) ? 0 : -2;
}

int probe_port(int port, int timeout_ms)
{
    const double end = seconds() + timeout_ms / 1000.0;
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr.s_addr = inet_addr("127.0.0.1") };
    struct pollfd pfd = { .events = POLLOUT };
    int result = -2;

    if (port < 1 || port > 65535)
        return result;
    sin.sin_port = htons(port);
    pfd.fd = socket(AF_INET, SOCK_STREAM, 0);
    if (pfd.fd == -1)
        return result;
    if (fcntl(pfd.fd, F_SETFL, O_NONBLOCK) == 0) {
        if (connect(pfd.fd, (struct sockaddr *)&sin, sizeof sin) == 0) {
            result = 0;
        } else if (errno == ECONNREFUSED) {
            result = -1;
        } else if (errno == EINPROGRESS) {
            int n;
            do {
                double left = (end - seconds()) * 1000;
                n = poll(&pfd, 1, left <= 0 ? 0 : left >= INT_MAX - 1 ? INT_MAX : (int)left + 1);
            } while (n == -1 && errno == EINTR);
            if (n == 0)
                result = 1;
            else if (n == 1)
                result = outcome(pfd.fd);
        }
    }
    close(pfd.fd);
    return result;
}
