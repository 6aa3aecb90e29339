/* style: binds its own end to 127.0.0.1 with a port of the kernel's choice */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in at(unsigned short port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

int is_port_open(int port)
{
    int fd, ok, err;

    if (port < 1 || port > 65535)
        return -1;

    struct sockaddr_in from = at(0), to = at(port);

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    ok = bind(fd, (struct sockaddr *)&from, sizeof from) == 0 &&
         connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
    err = errno;
    close(fd);
    if (ok)
        return 1;
    return -(err != ECONNREFUSED);
}
