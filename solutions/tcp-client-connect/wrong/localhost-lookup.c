/* mistake: looks up the name localhost instead of using the address */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *found;
    char service[12];
    int fd, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo("localhost", service, &hints, &found) != 0) {
        errno = EHOSTUNREACH;
        return -1;
    }
    fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) < 0) {
        err = errno;
        close(fd);
        fd = -1;
        errno = err;
    }
    err = errno;
    freeaddrinfo(found);
    errno = err;
    return fd;
}
