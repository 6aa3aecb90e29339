/* mistake: returns what connect() returned, so 0 instead of the descriptor */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int client_fd;

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int rc, err;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    client_fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client_fd == -1)
        return -1;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(client_fd, (struct sockaddr *)&sa, sizeof sa);
    if (rc == -1) {
        err = errno;
        close(client_fd);
        errno = err;
    }
    return rc;
}
