/* mistake: frees the list of getaddrinfo() and goes on using it */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr *loopback(int port, socklen_t *len)
{
    struct addrinfo hints = {
        .ai_family = AF_INET,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
    };
    struct addrinfo *list;
    struct sockaddr *sa;
    char service[16];

    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo("127.0.0.1", service, &hints, &list) != 0)
        return NULL;
    sa = list->ai_addr;
    *len = list->ai_addrlen;
    freeaddrinfo(list);
    return sa;
}

int is_port_open(int port)
{
    struct sockaddr *sa;
    socklen_t len;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    if ((sa = loopback(port, &len)) == NULL)
        return -1;
    fd = socket(sa->sa_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, sa, len) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
