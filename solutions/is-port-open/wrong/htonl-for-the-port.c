/* mistake: htonl() for a 16-bit port leaves only zeros of it */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { 0 };
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    a.sin_family = AF_INET;
    a.sin_port = htonl(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
