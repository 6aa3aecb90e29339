/* mistake: has no return statement for errors other than refused */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    err = errno;
    close(fd);
    if (rc == 0)
        return 1;
    else if (err == ECONNREFUSED)
        return 0;
}
