/* mistake: & O_NONBLOCK where & ~O_NONBLOCK is meant, so the flag that should go is the only one kept */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int wait_for(int fd, int seconds)
{
    struct timeval timeout = { seconds, 0 };
    fd_set set;
    int err = 0;
    socklen_t len = sizeof err;

    if (fd >= FD_SETSIZE)
        return EMFILE;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    if (select(fd + 1, NULL, &set, NULL, &timeout) != 1)
        return ETIMEDOUT;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
    return err;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, err = 0;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno == EINPROGRESS ? wait_for(fd, 1) : errno;
    if (err) {
        close(fd);
        errno = err;
        return -1;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & O_NONBLOCK);
    return fd;
}
