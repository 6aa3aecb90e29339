/* short polls, so that no arithmetic with remaining times is needed; each signal only shortens a slice */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static bool is_port(int n) { return n >= 1 && n <= 65535; }

int probe_port(int port, int timeout_ms)
{
    const double start = now();
    struct sockaddr_in a = {0}, peer;
    socklen_t size = sizeof peer;
    int fd, on = 1, answer = 1, e = 0;

    if (!is_port(port))
        return -2;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    ioctl(fd, FIONBIO, &on);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) {
        answer = 0;
    } else if (errno == ECONNREFUSED) {
        answer = -1;
    } else if (errno != EINPROGRESS) {
        answer = -2;
    } else {
        do {
            struct pollfd p = { .fd = fd, .events = POLLOUT };
            if (poll(&p, 1, 5) > 0) {
                if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0) {
                    answer = 0;
                } else {
                    size = sizeof e;
                    getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &size);
                    answer = e == ECONNREFUSED ? -1 : -2;
                }
                break;
            }
        } while (now() - start < timeout_ms / 1000.0);
    }
    close(fd);
    return answer;
}
