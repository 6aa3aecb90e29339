/* mistake: closes in the branch and once more at the end */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd = -1, ret = -1;

    if (port < 1 || port > 65535)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
        ret = errno == ECONNREFUSED ? 0 : -1;
        close(fd);
        goto out;
    }
    ret = 1;
out:
    close(fd);
    return ret;
}
