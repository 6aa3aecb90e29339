/* mistake: does not check the port, and getaddrinfo() keeps only 16 bits of it */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct addrinfo hints = {
        .ai_family = AF_INET,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_NUMERICHOST,
    };
    struct addrinfo *info;
    char text[12];
    int result = -1;

    snprintf(text, sizeof text, "%d", port);
    if (getaddrinfo("127.0.0.1", text, &hints, &info) != 0)
        return -1;
    int fd = socket(info->ai_family, info->ai_socktype, info->ai_protocol);
    if (fd >= 0) {
        if (connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            result = 1;
        else if (errno == ECONNREFUSED)
            result = 0;
        close(fd);
    }
    freeaddrinfo(info);
    return result;
}
