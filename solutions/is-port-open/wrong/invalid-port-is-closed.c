/* mistake: a number that is no port is reported as closed */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, err;

    if (port < 1 || port > 65535)
        return 0;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    err = connect(fd, (struct sockaddr *)&a, sizeof a) < 0 ? errno : 0;
    close(fd);
    if (err == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
