/* mistake: it counts rounds of 10 ms, and not even one goes into less */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, err = 0, n = 0;
    socklen_t len = sizeof err;
    sigset_t all;

    sigfillset(&all);
    if (port < 1 || port > 65535)
        return -2;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        for (int round = 0; round < timeout_ms / 10 && n == 0; round++) {
            struct timespec slice = { 0, 10000000 };
            n = ppoll(&p, 1, &slice, &all);
        }
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
