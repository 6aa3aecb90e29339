/* mistake: 127.0.1.1 is asked */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = inet_addr("127.0.1.1");
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}
