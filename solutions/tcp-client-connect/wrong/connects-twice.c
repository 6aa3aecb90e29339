/* mistake: makes a trial connection first, so the server sees two callers, one of whom hangs up */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), err;

    if (fd < 0)
        return -1;
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) == 0)
        return fd;
    err = errno;
    close(fd);
    errno = err;
    return -1;
}

int tcp_client_connect(int port)
{
    int trial;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    trial = dial(port);
    if (trial < 0)
        return -1;
    close(trial);
    return dial(port);
}
