/* mistake: the port is a constant; the parameter is only tested */
#include <errno.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(8080), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int answer = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 1 : errno == ECONNREFUSED ? 0 : -1;
    close(fd);
    return answer;
}
