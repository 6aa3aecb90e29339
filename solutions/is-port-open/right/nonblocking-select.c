/* style: select; a descriptor too large for an fd_set stays blocking */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in sa = { 0 };
    int s, err = 0;

    if (port <= 0 || port >= 65536)
        return -1;
    if ((s = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP)) < 0)
        return -1;

    if (s < FD_SETSIZE) {
        int flags = fcntl(s, F_GETFL, 0);
        if (flags < 0 || fcntl(s, F_SETFL, flags | O_NONBLOCK) < 0) {
            close(s);
            return -1;
        }
    }

    sa.sin_family = AF_INET;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = inet_addr("127.0.0.1");

    if (connect(s, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;

    if (err == EINPROGRESS && s < FD_SETSIZE) {
        fd_set writable;
        struct timeval limit = { 1, 500000 };
        int n;

        FD_ZERO(&writable);
        FD_SET(s, &writable);
        n = select(s + 1, NULL, &writable, NULL, &limit);
        if (n < 0) {
            err = errno;
        } else if (n == 0) {
            err = ETIMEDOUT;
        } else {
            socklen_t len = sizeof err;
            if (getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
                err = errno;
        }
    }

    close(s);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
