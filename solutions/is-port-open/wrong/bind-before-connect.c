/* mistake: binds its own end to the port it asks about, like a server does */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct sockaddr *sa = (struct sockaddr *)&a;
    int on = 1, ret = -1;

    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, sa, sizeof a) == 0) {
        if (connect(fd, sa, sizeof a) == 0)
            ret = 1;
        else if (errno == ECONNREFUSED)
            ret = 0;
    }
    close(fd);
    return ret;
}
