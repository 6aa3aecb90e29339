/* mistake: tries again and again while the port refuses */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };

    if (port < 1 || port > 65535)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int err = 0;

        if (fd < 0)
            return -1;
        if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
            err = errno;
        close(fd);
        if (err == 0)
            return 1;
        if (err != ECONNREFUSED)
            return -1;
        usleep(100000);
    }
}
