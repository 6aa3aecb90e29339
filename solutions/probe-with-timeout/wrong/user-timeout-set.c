/* mistake: TCP_USER_TIMEOUT does not bear on a blocking connect() as one would think */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    unsigned int limit = timeout_ms > 0 ? timeout_ms : 1; /* milliseconds */
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -2;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    a.sin_port = htons(port);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    if (err == 0)
        return 0;
    if (err == ECONNREFUSED)
        return -1;
    return err == ETIMEDOUT ? 1 : -2;
}
