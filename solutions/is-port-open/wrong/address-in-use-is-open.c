// mistake: EADDRINUSE is taken for a sign that somebody listens, as with bind()
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
    if (fd == -1)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int answer = 1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1) {
        switch (errno) {
        case ECONNREFUSED: answer = 0; break;
        case EADDRINUSE: answer = 1; break; /* the port is taken */
        default: answer = -1;
        }
    }
    close(fd);
    return answer;
}
