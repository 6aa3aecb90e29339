/* mistake: EACCES, the answer of a firewall rule, counts as closed */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int result = -1;

    if (port >= 1 && port <= 65535) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd >= 0) {
            a.sin_port = htons(port);
            a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
                result = 1;
            else if (errno == ECONNREFUSED || errno == EACCES)
                result = 0;
            close(fd);
        }
    }
    return result;
}
