/* mistake: connect() is thought to return the error number itself */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    if (port < 1 || port > 65535) return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    struct sockaddr_in a = {0};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    int answer;
    switch (connect(fd, (struct sockaddr *)&a, sizeof a)) {
    case 0: answer = 1; break;
    case ECONNREFUSED: answer = 0; break;
    default: answer = -1;
    }
    close(fd);
    return answer;
}
