/* mistake: trusts the end of the function to close the socket */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

static int answer(int rc)
{
    if (rc == 0)
        return 1;
    return errno == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return answer(connect(fd, (struct sockaddr *)&a, sizeof a));
}
