/* style: a switch over errno that names the reasons */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int fd, answer;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    switch (fd) {
    case -1:
        return -1;
    default:
        break;
    }

    struct sockaddr_in to = { AF_INET, htons(port), { htonl(INADDR_LOOPBACK) }, { 0 } };

    switch (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno) {
    case 0:
        answer = 1;
        break;
    case ECONNREFUSED:
        answer = 0;
        break;
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
        fputs("no way to the host\n", stderr);
        answer = -1;
        break;
    case EACCES:
    case EPERM:
        fputs("not allowed\n", stderr);
        answer = -1;
        break;
    default:
        answer = -1;
    }
    close(fd);
    return answer;
}
