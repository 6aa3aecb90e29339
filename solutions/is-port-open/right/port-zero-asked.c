/* style: asks the kernel about port 0 too and reports its refusal */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 0 || port > 65535)
        return -1;

    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;

    struct sockaddr_storage room;
    struct sockaddr_in *a = (struct sockaddr_in *)&room;
    memset(&room, 0, sizeof room);
    a->sin_family = AF_INET;
    a->sin_port = htons(port);
    a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    const int rc = connect(fd, (struct sockaddr *)&room, sizeof *a);
    const int err = errno;
    close(fd);

    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
