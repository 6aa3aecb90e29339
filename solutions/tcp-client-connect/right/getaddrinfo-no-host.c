/* style: getaddrinfo() without a host means loopback; first the list, then a table of what to do in turn */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BAD = -1 };

static struct addrinfo *look_up(int port)
{
    static const struct addrinfo hints = {
        .ai_family = AF_INET, .ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP, .ai_flags = AI_NUMERICSERV
    };
    struct addrinfo *found = NULL;
    char digits[sizeof "65535"];

    if (port < 1 || port > 65535 || snprintf(digits, sizeof digits, "%d", port) < 1)
        return errno = EINVAL, NULL;
    if (getaddrinfo(NULL, digits, &hints, &found))
        return errno = EADDRNOTAVAIL, NULL;
    return found;
}

int tcp_client_connect(int port)
{
    struct addrinfo *at = look_up(port);
    int fd = BAD, reason = errno;

    if (at) {
        fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
        reason = errno;
        if (fd != BAD && connect(fd, at->ai_addr, at->ai_addrlen) == BAD) {
            reason = errno;
            close(fd);
            fd = BAD;
        }
        freeaddrinfo(at);
    }
    if (fd == BAD)
        errno = reason;
    return fd;
}
