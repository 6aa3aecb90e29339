/* mistake: tells connect() the size of a pointer instead of that of the address */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in *sa;
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    sa = calloc(1, sizeof *sa);
    if (sa == NULL) {
        close(fd);
        errno = ENOMEM;
        return -1;
    }
    sa->sin_family = AF_INET;
    sa->sin_port = htons(port);
    sa->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)sa, sizeof sa) < 0) {
        err = errno;
        close(fd);
        free(sa);
        errno = err;
        return -1;
    }
    free(sa);
    return fd;
}
