/* mistake: the result is static, so an error repeats the answer of the call before */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    static int result = -1;
    struct sockaddr_in a = { .sin_family = AF_INET };

    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        result = 1;
    else if (errno == ECONNREFUSED)
        result = 0;
    close(fd);
    return result;
}
