/* mistake: asks 127.0.1.1, the address that some hosts file gives the own name */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.1.1", &a.sin_addr);
    rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    err = errno;
    close(fd);
    if (rc == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
