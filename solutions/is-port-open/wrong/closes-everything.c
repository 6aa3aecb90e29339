/* mistake: tidies up with a loop that closes descriptors of the caller as well */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void tidy_up(int last)
{
    for (int fd = 3; fd <= last; fd++)
        close(fd);
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int err = 0;

    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    tidy_up(fd);
    if (fd < 3)
        close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
