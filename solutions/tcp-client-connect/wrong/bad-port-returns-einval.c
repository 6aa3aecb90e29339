// mistake: the errno itself is returned for a number that is no port
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    if (port < 1 || port > 65535) {
        return EINVAL;
        return -1;
    }
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1)
        return -1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(s, (struct sockaddr *)&to, sizeof to) == -1) {
        int error = errno;
        close(s);
        errno = error;
        return -1;
    }
    return s;
}
