/* getaddrinfo with the flags that Beej and the man page suggest for clients */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    char service[16];
    struct addrinfo hints, *res, *p;
    int answer = -1;
    if (port < 1 || port > 65535) return -1;
    snprintf(service, sizeof service, "%d", port);
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
    int rc = getaddrinfo("127.0.0.1", service, &hints, &res);
    if (rc) { fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(rc)); return -1; }
    for (p = res; p; p = p->ai_next) {
        int fd = socket(p->ai_family, p->ai_socktype, p->ai_protocol);
        if (fd < 0) continue;
        if (connect(fd, p->ai_addr, p->ai_addrlen) == 0) answer = 1;
        else answer = errno == ECONNREFUSED ? 0 : -1;
        close(fd);
        if (answer == 1) break;
    }
    freeaddrinfo(res);
    return answer;
}
