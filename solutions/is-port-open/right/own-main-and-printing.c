/* style: a whole program that also talks about what it does */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    printf("checking port %d ...\n", port);
    if (port < 1 || port > 65535) {
        fprintf(stderr, "%d is not a port\n", port);
        return -1;
    }

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        perror("socket");
        return -1;
    }

    struct sockaddr_in addr;
    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    inet_aton("127.0.0.1", &addr.sin_addr);

    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
        int err = errno;
        perror("connect");
        if (close(fd) < 0)
            perror("close");
        printf("port %d: %s\n", port, strerror(err));
        if (err == ECONNREFUSED)
            return 0;
        return -1;
    }

    printf("port %d is open\n", port);
    close(fd);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s port\n", argv[0]);
        return 2;
    }
    switch (is_port_open(atoi(argv[1]))) {
    case 1:
        puts("open");
        return 0;
    case 0:
        puts("closed");
        return 1;
    default:
        puts("error");
        return 2;
    }
}
