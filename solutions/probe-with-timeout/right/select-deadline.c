/* select() with what is left of the time; a descriptor beyond an fd_set is an error */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define OPEN 0
#define CLOSED -1
#define FILTERED 1
#define ERROR -2

static int64_t clock_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int finish(int fd, int answer)
{
    close(fd);
    return answer;
}

int probe_port(int port, int timeout_ms)
{
    int64_t end = clock_us() + (int64_t)timeout_ms * 1000;
    struct sockaddr_in addr = { 0 };
    int s, flags, err;
    socklen_t size = sizeof err;

    if (port <= 0 || port >= 65536)
        return ERROR;

    s = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == -1)
        return ERROR;
    if (s >= FD_SETSIZE)
        return finish(s, ERROR);
    if ((flags = fcntl(s, F_GETFL)) == -1 || fcntl(s, F_SETFL, flags | O_NONBLOCK) == -1)
        return finish(s, ERROR);

    addr.sin_family = AF_INET;
    addr.sin_port = htons((uint16_t)port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(s, (const struct sockaddr *)&addr, sizeof addr) == 0)
        return finish(s, OPEN);
    if (errno == ECONNREFUSED)
        return finish(s, CLOSED);
    if (errno != EINPROGRESS)
        return finish(s, ERROR);

    for (;;) {
        int64_t left = end - clock_us();
        struct timeval tv;
        fd_set writable;
        int n;

        if (left < 0)
            left = 0;
        tv.tv_sec = left / 1000000;
        tv.tv_usec = left % 1000000;
        FD_ZERO(&writable);
        FD_SET(s, &writable);
        n = select(s + 1, NULL, &writable, NULL, &tv);
        if (n == 0)
            return finish(s, FILTERED);
        if (n > 0)
            break;
        if (errno != EINTR)
            return finish(s, ERROR);
    }

    if (getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &size) == -1)
        return finish(s, ERROR);
    return finish(s, err == 0 ? OPEN : err == ECONNREFUSED ? CLOSED : ERROR);
}
