/* mistake: one static socket for all calls; once it is connected, connect() says EISCONN */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int sock = -1;

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    if (sock < 0)
        sock = socket(AF_INET, SOCK_STREAM, 0);
    if (sock < 0)
        return -1;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(sock, (struct sockaddr *)&sa, sizeof sa) < 0)
        return -1;
    return sock;
}
