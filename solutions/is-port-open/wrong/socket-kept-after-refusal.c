/* mistake: the socket of a call that failed is kept for the next one. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 0 || port > 65535)
        return -1;
    static int fd = -1;
    if (fd == -1)
        fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    int answer = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 1 : errno == ECONNREFUSED ? 0 : -1;
    if (answer == 1) {
        int saved = errno;
        close(fd);
        errno = saved;
        fd = -1;
    }
    return answer;
}
