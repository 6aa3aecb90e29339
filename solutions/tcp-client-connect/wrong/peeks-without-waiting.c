/* mistake: a look for end of file, which waits for nothing, takes a server that has hung up for a failure */
#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    char c;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0), err;
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    if (recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0) { /* gone already? */
        close(fd);
        errno = ECONNRESET;
        return -1;
    }
    return fd;
}
