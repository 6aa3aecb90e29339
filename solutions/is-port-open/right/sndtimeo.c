/* style: blocking connect with a send timeout on the socket */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int is_port_open(int port)
{
    const struct timeval limit = { .tv_sec = 1 };
    struct sockaddr_in a = { 0 };
    int fd, answer = -1;

    if (port < 1 || port > 65535 ||
        (fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -1;

    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0) {
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            answer = 1;
        else if (errno == ECONNREFUSED)
            answer = 0;
    }
    close(fd);
    return answer;
}
