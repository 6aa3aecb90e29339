/* style: getaddrinfo with numbers only, so nothing is looked up */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct addrinfo hints, *list, *info;
    char service[16];
    int result = -1;

    if (port < 1 || port > 65535)
        return -1;
    snprintf(service, sizeof service, "%d", port);

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    if (getaddrinfo("127.0.0.1", service, &hints, &list) != 0)
        return -1;

    for (info = list; info != NULL; info = info->ai_next) {
        int fd = socket(info->ai_family, info->ai_socktype, info->ai_protocol);
        if (fd < 0)
            continue;
        if (connect(fd, info->ai_addr, info->ai_addrlen) == 0)
            result = 1;
        else if (errno == ECONNREFUSED)
            result = 0;
        close(fd);
        if (result >= 0)
            break;
    }
    freeaddrinfo(list);
    return result;
}
