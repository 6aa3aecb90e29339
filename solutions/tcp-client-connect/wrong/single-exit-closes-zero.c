/* mistake: closes descriptor 0 when socket() fails, for the variable starts as 0 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    int fd = 0, tmp, saved;
    struct sockaddr_in addr;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    tmp = socket(AF_INET, SOCK_STREAM, 0);
    if (tmp < 0)
        goto fail;
    fd = tmp;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
        return fd;
fail:
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}
