/* mistake: shutdown() ends the connection but does not give the descriptor back */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    err = errno;
    shutdown(fd, SHUT_RDWR);
    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
