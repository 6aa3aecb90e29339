/* asks connect() again when the socket is ready: EISCONN means connected, else errno is the reason */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 0 or the errno of connect() */
static int try_connect(int fd, const struct sockaddr_in *a)
{
    if (connect(fd, (const struct sockaddr *)a, sizeof *a) == 0 || errno == EISCONN)
        return 0;
    return errno;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    long long until = milliseconds() + timeout_ms;
    int fd, err;

    if (port < 1 || port > 65535)
        return -2;
    a.sin_port = htons(port);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    while ((err = try_connect(fd, &a)) == EINPROGRESS || err == EALREADY) {
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        long long left = until - milliseconds();

        if (left <= 0)
            break;
        if (poll(&p, 1, left) < 0 && errno != EINTR) {
            err = errno;
            break;
        }
        if (p.revents == POLLERR) { /* connect() knows nothing of an error like this; it would stay and stay */
            socklen_t len = sizeof err;
            if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0 || err)
                break;
        }
    }
    close(fd);
    if (err == 0)
        return 0;
    if (err == ECONNREFUSED)
        return -1;
    return err == EINPROGRESS || err == EALREADY ? 1 : -2;
}
