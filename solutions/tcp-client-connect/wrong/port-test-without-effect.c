/* mistake: && for ||: no number is below 1 and above 65535 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, err;

    if (port < 1 && port > 65535) {
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
