/* mistake: not connected at once is taken for closed */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, rc, err, on = 1;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    ioctl(fd, FIONBIO, &on);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    err = errno;
    close(fd);
    if (rc == 0)
        return 1;
    if (err == ECONNREFUSED || err == EINPROGRESS)
        return 0;
    return -1;
}
