/* style: one way out with goto, the descriptor is given away on success */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    int ret = -1;
    int fd = -1;
    int err = 0;
    struct sockaddr_in *sin = NULL;

    if (port <= 0 || port > 0xffff) {
        err = EDOM;
        goto out;
    }

    sin = calloc(1, sizeof *sin);
    if (sin == NULL) {
        err = errno;
        goto out;
    }
    sin->sin_family = AF_INET;
    sin->sin_port = htons(port);
    sin->sin_addr.s_addr = htonl(0x7f000001);

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        err = errno;
        goto out;
    }
    if (connect(fd, (struct sockaddr *)sin, sizeof *sin) < 0) {
        err = errno;
        goto out;
    }
    ret = fd;
    fd = -1;

out:
    if (fd >= 0)
        close(fd);
    free(sin);
    if (ret < 0)
        errno = err;
    return ret;
}
