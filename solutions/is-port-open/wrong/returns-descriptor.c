/* mistake: returns the number of the descriptor for an open port */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, err;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return fd;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) {
        close(fd);
        return fd;
    }
    err = errno;
    close(fd);
    return err == ECONNREFUSED ? 0 : -1;
}
