/* style: plain blocking connect */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in addr;
    int fd, result, saved;

    if (port < 1 || port > 65535)
        return -1;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;

    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons((uint16_t)port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    result = connect(fd, (struct sockaddr *)&addr, sizeof addr);
    saved = errno;
    close(fd);

    if (result == 0)
        return 1;
    return saved == ECONNREFUSED ? 0 : -1;
}
