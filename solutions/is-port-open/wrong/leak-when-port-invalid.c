/* mistake: makes the socket first and forgets it when the port turns out to be none */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = { .sin_family = AF_INET };
    int err = 0;

    if (fd < 0)
        return -1;
    if (port < 1 || port > 65535)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        err = errno;
    close(fd);
    if (err == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
