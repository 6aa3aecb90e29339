/* style: says goodbye with shutdown() before close() */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
    } to = { .in = { .sin_family = AF_INET } };
    const uint8_t host[4] = { 127, 0, 0, 1 };
    int fd;

    if (port < 1 || port > UINT16_MAX)
        return -1;
    __builtin_memcpy(&to.in.sin_addr, host, sizeof host);
    to.in.sin_port = htons((uint16_t)port);

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;

    if (connect(fd, &to.any, sizeof to.in)) {
        int refused = errno == ECONNREFUSED;
        close(fd);
        return refused ? 0 : -1;
    }
    shutdown(fd, SHUT_RDWR);
    close(fd);
    return 1;
}
