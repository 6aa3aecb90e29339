/* mistake: does not look at what select() returned, so no answer at all counts as open */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct timeval tv = { 1, 0 };
    fd_set w;
    int s, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < FD_SETSIZE)
        fcntl(s, F_SETFL, O_NONBLOCK);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        socklen_t len = sizeof err;
        FD_ZERO(&w);
        FD_SET(s, &w);
        select(s + 1, NULL, &w, NULL, &tv);
        if (getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            err = errno;
    }
    close(s);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
