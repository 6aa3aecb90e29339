/* mistake: the descriptor variable starts at 0 and the clean-up closes it for an invalid port */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int fd = 0;
    int answer = -1;
    struct sockaddr_in a = { .sin_family = AF_INET };

    if (port < 1 || port > 65535)
        goto cleanup;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        answer = 1;
    else if (errno == ECONNREFUSED)
        answer = 0;
cleanup:
    close(fd);
    return answer;
}
