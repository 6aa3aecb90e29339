/* mistake: SO_SNDTIMEO gets whole seconds, and 0 of them are no limit */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct timeval tv = { timeout_ms / 1000, 0 };
    int fd, r = 0;
    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms <= 0)
        return 1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -2;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        r = errno == ECONNREFUSED ? -1 : errno == EINPROGRESS ? 1 : -2;
    close(fd);
    return r;
}
