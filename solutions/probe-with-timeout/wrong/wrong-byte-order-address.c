/* mistake: INADDR_LOOPBACK without htonl() */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The error that the connection ended with: 0 if it was made, ETIMEDOUT at the end. */
static int outcome(int fd, long end)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int error;
    socklen_t length = sizeof error;

    for (;;) {
        long left = end - now_ms();
        int ready = poll(&p, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) ? errno : error;
        if (ready == 0 && now_ms() >= end)
            return ETIMEDOUT;
        if (ready < 0 && errno != EINTR)
            return errno;
    }
}

int probe_port(int port, int timeout_ms)
{
    long end = now_ms() + timeout_ms;
    int error = 0;

    if (port < 1 || port > 65535)
        return -2;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = INADDR_LOOPBACK,
    };
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        error = errno == EINPROGRESS ? outcome(fd, end) : errno;
    close(fd);
    return error == 0 ? 0 : error == ECONNREFUSED ? -1 : error == ETIMEDOUT ? 1 : -2;
}
