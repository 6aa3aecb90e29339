/* style: SO_SNDTIMEO limits connect() (socket(7)), and is taken off again; a source address of its own */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int limit(int fd, long microseconds)
{
    struct timeval time = { 0, microseconds };
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

static int try_it(int fd, int port)
{
    struct sockaddr_in here = { .sin_family = AF_INET }, there = { .sin_family = AF_INET };

    here.sin_addr.s_addr = there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port);
    if (limit(fd, 900000) || bind(fd, (void *)&here, sizeof here) || connect(fd, (void *)&there, sizeof there))
        return errno == EINPROGRESS ? ETIMEDOUT : errno;
    return limit(fd, 0) ? errno : 0;
}

int tcp_client_connect(int port)
{
    int fd, error = EINVAL;

    if (port >= 1 && port <= 65535) {
        if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
            return -1;
        error = try_it(fd, port);
        if (!error)
            return fd;
        close(fd);
    }
    errno = error;
    return -1;
}
