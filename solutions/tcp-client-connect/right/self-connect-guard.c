/* style: a socket that has connected to itself is given back as refused */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int talks_to_itself(int fd)
{
    struct sockaddr_in own, other;
    socklen_t a = sizeof own, b = sizeof other;

    return getsockname(fd, (struct sockaddr *)&own, &a) == 0 && getpeername(fd, (struct sockaddr *)&other, &b) == 0 &&
           own.sin_port == other.sin_port && own.sin_addr.s_addr == other.sin_addr.s_addr;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in to;
    int fd, error;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_aton("127.0.0.1", &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        error = errno;
    else if (talks_to_itself(fd))
        error = ECONNREFUSED;
    else
        return fd;
    close(fd);
    errno = error;
    return -1;
}
