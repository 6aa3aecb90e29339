/* mistake: asks ::1 instead of 127.0.0.1 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET6, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin6_port = htons(port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    if (err == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
