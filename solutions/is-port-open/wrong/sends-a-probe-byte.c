/* mistake: writes a byte to be sure that the connection works */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, ret = -1;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        ret = send(fd, "", 1, MSG_NOSIGNAL) == 1 ? 1 : -1;
    else if (errno == ECONNREFUSED)
        ret = 0;
    close(fd);
    return ret;
}
