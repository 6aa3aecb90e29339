/* mistake: TCP_USER_TIMEOUT, set against a slow connect(), stays and limits the caller's writes too */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    unsigned int limit = 1500;
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) == -1) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}
