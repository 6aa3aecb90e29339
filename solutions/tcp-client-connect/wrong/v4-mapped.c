/* mistake: an IPv6 socket to ::ffff:127.0.0.1, whose address has another form than the caller expects */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET6, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    to.sin6_port = htons(port);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &to.sin6_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        err = errno;
        close(fd);
        errno = err;
        return -1;
    }
    return fd;
}
