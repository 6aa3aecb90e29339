/* 127.1 is how it was written when bytes were dear */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    char service[16];
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV}, *res;
    if (port <= 0 || port >= 1 << 16) return -1;
    sprintf(service, "%d", port);
    if (getaddrinfo("127.1", service, &hints, &res)) return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0), answer = -1;
    if (fd >= 0) {
        if (connect(fd, res->ai_addr, res->ai_addrlen) == 0) answer = 1;
        else if (errno == ECONNREFUSED) answer = 0;
        close(fd);
    }
    freeaddrinfo(res);
    return answer;
}
