/* mistake: the port as text, in a buffer that has no room for five digits and the zero */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST }, *found;
    char service[5];
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    sprintf(service, "%d", port);
    if (getaddrinfo("127.0.0.1", service, &hints, &found) != 0) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    err = errno;
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) < 0) {
        err = errno;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    errno = err;
    return fd;
}
