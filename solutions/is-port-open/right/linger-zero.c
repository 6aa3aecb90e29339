/* style: SO_LINGER of zero, so that no TIME_WAIT stays behind */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct linger hard = { .l_onoff = 1, .l_linger = 0 };
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    if (port < 1 || 65535 < port)
        return -1;
    to.sin_port = htons(port);

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    int err = connect(fd, (struct sockaddr *)&to, sizeof to) ? errno : 0;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd);

    if (!err)
        return 1;
    if (err == ECONNREFUSED)
        return 0;
    return -1;
}
