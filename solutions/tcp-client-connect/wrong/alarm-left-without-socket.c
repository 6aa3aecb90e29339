/* mistake: the alarm is not called off when socket() fails */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in addr;
    int fd, saved;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    alarm(30);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
        saved = errno;
        alarm(0);
        close(fd);
        errno = saved;
        return -1;
    }
    alarm(0);
    return fd;
}
