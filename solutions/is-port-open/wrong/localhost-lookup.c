/* mistake: looks the name localhost up, which may be several addresses, ::1 first */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct addrinfo hints, *res, *rp;
    char service[8];
    int answer = -1;

    if (port < 1 || port > 65535)
        return -1;
    snprintf(service, sizeof service, "%d", port);
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo("localhost", service, &hints, &res) != 0)
        return -1;
    for (rp = res; rp != NULL && answer != 1; rp = rp->ai_next) {
        int fd = socket(rp->ai_family, rp->ai_socktype, rp->ai_protocol);
        if (fd < 0)
            continue;
        if (connect(fd, rp->ai_addr, rp->ai_addrlen) == 0)
            answer = 1;
        else if (errno == ECONNREFUSED)
            answer = 0;
        close(fd);
    }
    freeaddrinfo(res);
    return answer;
}
