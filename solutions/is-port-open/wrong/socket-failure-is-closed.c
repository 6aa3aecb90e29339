/* mistake: reports "closed" when no socket could be made */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;

    int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock < 0) {
        perror("socket");
        return 0;
    }

    struct sockaddr_in dest = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_aton("127.0.0.1", &dest.sin_addr);
    int err = connect(sock, (struct sockaddr *)&dest, sizeof dest) == 0 ? 0 : errno;
    close(sock);
    if (!err)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
