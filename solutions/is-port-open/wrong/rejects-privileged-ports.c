/* mistake: believes that ports below 1024 may not even be asked about */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, ret;

    if (port < IPPORT_RESERVED || port > 65535) {
        fprintf(stderr, "bad port %d\n", port);
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        ret = 1;
    else
        ret = errno == ECONNREFUSED ? 0 : -1;
    close(fd);
    return ret;
}
