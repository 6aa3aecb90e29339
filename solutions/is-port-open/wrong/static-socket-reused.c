/* mistake: makes one socket and keeps it for all calls */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

static int fd = -1;

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };

    if (port < 1 || port > 65535)
        return -1;
    if (fd < 0)
        fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return 1;
    return errno == ECONNREFUSED ? 0 : -1;
}
