/* mistake: closes the socket twice after some of the errors that come late */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in addr;
    int fd, err = 0, n, answer;
    socklen_t len = sizeof err;
    long long deadline = now_ms() + timeout_ms, left;

    if (port < 1 || port > 65535)
        return -2;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        return -2;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == -1) {
        err = errno;
        if (err == EINPROGRESS) {
            struct pollfd p = { .fd = fd, .events = POLLOUT };
            do {
                left = deadline - now_ms();
                n = poll(&p, 1, left < 0 ? 0 : left);
            } while (n == -1 && errno == EINTR);
            if (n == 0) {
                close(fd);
                return 1;
            }
            if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == -1) {
                close(fd);
                return -2;
            }
        }
    }
    if (err == 0)
        answer = 0;
    else if (err == ECONNREFUSED)
        answer = -1;
    else {
        if (err == ECONNRESET || err == EPROTO || err == ENETUNREACH)
            close(fd);
        answer = -2;
    }
    close(fd);
    return answer;
}
