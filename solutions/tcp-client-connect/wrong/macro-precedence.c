/* mistake: port-test-without-effect: without parentheses around the macro ! applies to its first word alone */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define IS_PORT(p) p >= 1 && p <= 65535

int tcp_client_connect(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, err;

    if (!IS_PORT(port)) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}
