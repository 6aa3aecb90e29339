/* ---- is_port_open.h ---- */
#ifndef IS_PORT_OPEN_H
#define IS_PORT_OPEN_H

enum port_state { PORT_ERROR = -1, PORT_CLOSED = 0, PORT_OPEN = 1 };
int is_port_open(int port);

#endif
/* ---- is_port_open.c ---- */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    enum port_state state = PORT_ERROR;
    if (port < 1 || port > 65535)
        return PORT_ERROR;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return PORT_ERROR;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        state = PORT_OPEN;
    else if (errno == ECONNREFUSED)
        state = PORT_CLOSED;
    close(fd);
    return state;
}
