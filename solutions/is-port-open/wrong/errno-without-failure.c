/* mistake: asks errno without asking whether connect() failed, so an old ECONNREFUSED counts */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int rc, err;

    if (port < 1 || port > 65535)
        return -1;

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    rc = connect(fd, (struct sockaddr *)&to, sizeof to);
    err = errno;
    close(fd);

    if (err == ECONNREFUSED)
        return 0;
    if (rc < 0)
        return -1;
    return 1;
}
