/* mistake: a look for end of file, which waits for nothing, takes a server that has hung up for a failure */
#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

int is_port_open(int port)
{
    char c;
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    int err = errno;
    if (rc == 0 && recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        rc = -1, err = 0;
    close(fd);
    return rc == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
