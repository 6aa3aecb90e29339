/* mistake: builds the address at an odd place of a byte buffer */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    _Alignas(16) unsigned char message[1 + sizeof(struct sockaddr_in)];
    struct sockaddr_in *a = (struct sockaddr_in *)(message + 1);
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    memset(message, 0, sizeof message);
    a->sin_family = AF_INET;
    a->sin_port = htons(port);
    a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    rc = connect(fd, (struct sockaddr *)a, sizeof *a);
    err = errno;
    close(fd);
    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
