/* mistake: moves a bad port to the nearest good one instead of refusing it */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int clamp(int n, int low, int high)
{
    return n < low ? low : n > high ? high : n;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, rc, err;

    port = clamp(port, 1, 65535);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    err = errno;
    close(fd);
    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
