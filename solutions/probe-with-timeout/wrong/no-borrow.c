/* mistake: the subtraction of two timespecs does not borrow */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, n, err = 0;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -2;
    struct timespec end, now, left;
    if (timeout_ms < 0)
        timeout_ms = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += timeout_ms / 1000;
    end.tv_nsec += timeout_ms % 1000 * 1000000L;
    if (end.tv_nsec >= 1000000000L) {
        end.tv_nsec -= 1000000000L;
        end.tv_sec++;
    }
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        do {
            clock_gettime(CLOCK_MONOTONIC, &now);
            left.tv_sec = end.tv_sec - now.tv_sec;
            left.tv_nsec = end.tv_nsec - now.tv_nsec;
            n = ppoll(&p, 1, &left, NULL);
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
