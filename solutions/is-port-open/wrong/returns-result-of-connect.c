/* mistake: hands on what connect() returned: 0 for success, -1 otherwise */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int fd, result;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;

    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    result = connect(fd, (struct sockaddr *)&a, sizeof a);
    close(fd);
    return result;
}
