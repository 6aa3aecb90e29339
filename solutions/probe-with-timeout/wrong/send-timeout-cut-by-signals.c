/* mistake: a signal ends a connect() with SO_SNDTIMEO early */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval tv = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms <= 0)
        tv.tv_usec = 1000;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    a.sin_port = htons(port);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    if (err == 0)
        return 0;
    if (err == ECONNREFUSED)
        return -1;
    return err == EINPROGRESS ? 1 : -2;
}
