/* style: waits, then asks connect() a second time for the outcome */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;

    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;

    int on = 1, err = 0;
    if (ioctl(fd, FIONBIO, &on) < 0) {
        close(fd);
        return -1;
    }

    for (int turn = 0; turn < 2; turn++) {
        err = connect(fd, (struct sockaddr *)&a, sizeof a) < 0 ? errno : 0;
        if (err != EINPROGRESS && err != EALREADY)
            break;
        struct pollfd p = { fd, POLLOUT, 0 };
        if (turn == 0 && poll(&p, 1, 1500) <= 0)
            break;
    }
    close(fd);

    switch (err) {
    case 0:
    case EISCONN:
        return 1;
    case ECONNREFUSED:
        return 0;
    }
    return -1;
}
