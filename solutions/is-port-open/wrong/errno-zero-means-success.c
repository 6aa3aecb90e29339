/* mistake: takes a non-zero errno for a failure although errno is not cleared by calls that succeed */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(int fd, int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    a.sin_addr.s_addr = inet_addr("127.0.0.1");
    connect(fd, (struct sockaddr *)&a, sizeof a);
    return errno;
}

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    int why = dial(fd, port);
    close(fd);
    switch (why) {
    case 0:
        return 1;
    case ECONNREFUSED:
        return 0;
    default:
        return -1;
    }
}
