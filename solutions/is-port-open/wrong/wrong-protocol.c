/* mistake: SOCK_STREAM with IPPROTO_UDP, which does not go together */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int answer = -1;

    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_UDP);
    if (fd == -1)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        answer = 1;
    else if (errno == ECONNREFUSED)
        answer = 0;
    close(fd);
    return answer;
}
