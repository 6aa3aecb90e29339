/* looks at the state of the connection (TCP_INFO) every few milliseconds, and sleeps in between */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* 0, the error of the connection, or EINPROGRESS */
static int look(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info, len = sizeof(int);
    int err;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return errno;
    if (err)
        return err;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
        return errno;
    return info.tcpi_state == TCP_SYN_SENT || info.tcpi_state == TCP_SYN_RECV ? EINPROGRESS : 0;
}

int probe_port(int port, int timeout_ms)
{
    const int64_t end = ns() + timeout_ms * INT64_C(1000000);
    const struct timespec nap = { .tv_nsec = 2000000 };
    struct sockaddr_in a = { .sin_family = AF_INET };
    int s, err;

    if (port < 1 || port > 65535)
        return -2;
    s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
    if (s < 0)
        return -2;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    err = connect(s, (struct sockaddr *)&a, sizeof a) < 0 ? errno : 0;
    if (err == EINPROGRESS)
        while ((err = look(s)) == EINPROGRESS && ns() < end)
            nanosleep(&nap, NULL); /* cut short by a signal: so much the sooner is the next look */
    close(s);
    return err == 0 ? 0 : err == ECONNREFUSED ? -1 : err == EINPROGRESS ? 1 : -2;
}
