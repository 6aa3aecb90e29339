/* mistake: copies a sockaddr_storage out of a much smaller sockaddr_in */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    static struct sockaddr_storage any;
    const void *from = &in;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    in.sin_port = htons(port);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memcpy(&any, from, sizeof any);

    fd = socket(any.ss_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&any, sizeof in) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
