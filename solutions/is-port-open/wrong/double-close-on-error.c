// mistake: on an error the socket is closed where it is noticed, and once more at the end
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
        if (errno == ECONNREFUSED) {
            answer = 0;
        } else {
            answer = -1;
            close(fd);
        }
    }
    close(fd);
    return answer;
}
