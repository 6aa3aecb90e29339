/* style: one way out with goto */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int ret = -1;
    int fd = -1;
    struct sockaddr_in *sin = NULL;

    if (port < 1)
        goto out;
    if (port > 65535)
        goto out;

    sin = calloc(1, sizeof *sin);
    if (sin == NULL)
        goto out;
    sin->sin_family = AF_INET;
    sin->sin_port = htons(port);
    sin->sin_addr.s_addr = htonl(0x7f000001);

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        goto out;

    if (connect(fd, (struct sockaddr *)sin, sizeof *sin) < 0) {
        if (errno == ECONNREFUSED)
            ret = 0;
        goto out;
    }
    ret = 1;

out:
    if (fd >= 0)
        close(fd);
    free(sin);
    return ret;
}
