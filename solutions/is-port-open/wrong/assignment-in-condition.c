/* mistake: "fd = socket(...) < 0" stores the comparison, so fd is always 0 or 1 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { 0 };
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0) < 0))
        return -1;
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    err = errno;
    close(fd);
    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
