/* mistake: allocates the size of a pointer for the whole address */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in *a;
    int fd, rc, err;

    if (port < 1 || port > 65535)
        return -1;
    a = malloc(sizeof a);
    if (a == NULL)
        return -1;
    memset(a, 0, sizeof *a);
    a->sin_family = AF_INET;
    a->sin_port = htons(port);
    a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        free(a);
        return -1;
    }
    rc = connect(fd, (struct sockaddr *)a, sizeof *a);
    err = errno;
    close(fd);
    free(a);
    if (rc == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
