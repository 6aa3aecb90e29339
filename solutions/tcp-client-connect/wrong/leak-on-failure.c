/* mistake: a connect() that failed is thought to have closed the socket */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { 0 };
    int s;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1)
        return -1;
    sa.sin_family = AF_INET;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(s, (struct sockaddr *)&sa, sizeof sa) == 0 ? s : -1;
}
