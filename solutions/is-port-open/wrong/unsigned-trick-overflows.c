// mistake: 1 is subtracted from an int that may be the smallest there is
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if ((unsigned)(port - 1) >= 65535u)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int answer = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 1 : errno == ECONNREFUSED ? 0 : -1;
    close(fd);
    return answer;
}
