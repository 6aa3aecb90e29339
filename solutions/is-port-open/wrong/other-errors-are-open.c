// mistake: whatever is not refused counts as open
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int refused = connect(fd, (struct sockaddr *)&to, sizeof to) == -1 && errno == ECONNREFUSED;
    close(fd);
    return refused ? 0 : 1;
}
