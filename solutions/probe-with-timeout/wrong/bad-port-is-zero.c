// mistake: a number that is no port is answered with 0, which means open here
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int probe_port(int port, int timeout_ms)
{
    if (port < 1 || port > 65535)
        return 0;
    if (timeout_ms <= 0)
        return 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return -2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int error = 0;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1) {
        error = errno;
        if (error == EINPROGRESS) {
            long long end = now_ms() + timeout_ms;
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            int n;
            do {
                long long rest = end - now_ms();
                n = poll(&p, 1, rest < 0 ? 0 : (int)rest);
            } while (n == -1 && errno == EINTR);
            if (n == 0) {
                close(fd);
                return 1;
            }
            socklen_t size = sizeof error;
            if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
                error = errno;
        }
    }
    close(fd);
    return error == 0 ? 0 : error == ECONNREFUSED ? -1 : -2;
}
