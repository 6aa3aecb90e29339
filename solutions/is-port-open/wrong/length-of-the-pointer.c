/* mistake: passes the size of the pointer as the length of the address */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in *a;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    a = calloc(1, sizeof *a);
    if (a == NULL)
        return -1;
    a->sin_family = AF_INET;
    a->sin_port = htons(port);
    a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        free(a);
        return -1;
    }
    if (connect(fd, (struct sockaddr *)a, sizeof a) < 0)
        err = errno;
    close(fd);
    free(a);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
