/* style: saved with CRLF line ends */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAMILY \
    AF_INET

int is_port_open(int port)
{
    struct sockaddr_in addr;
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    memset(&addr, 0, sizeof(addr));
    addr.sin_family = FAMILY;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if ((fd = socket(FAMILY, SOCK_STREAM, 0)) < 0)
        return -1;
    rc = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
    err = errno;
    close(fd);
    if (rc == 0)
        return 1;
    if (err == ECONNREFUSED)
        return 0;
    return -1;
}
