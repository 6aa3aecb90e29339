/* mistake: looks once, with select() and no time to wait, and calls it closed when nothing has happened yet */
#include "is_port_open.h"
#include <arpa/inet.h>
#include <errno.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <fcntl.h>
int is_port_open(int p)
{
    struct sockaddr_in a; socklen_t l = sizeof(int); int fd, err = 0, rc; fd_set w; struct timeval tv = {0, 0};
    if (p <= 0 || p >= 65536) return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) return -1;
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == -1) { close(fd); return -1; }
    a = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(p) };
    inet_aton("127.0.0.1", &a.sin_addr);
    rc = connect(fd, (const struct sockaddr *)&a, sizeof a);
    if (rc == -1 && errno == EINPROGRESS) {
        FD_ZERO(&w); FD_SET(fd, &w);
        rc = select(fd + 1, 0, &w, 0, &tv);
        if (rc > 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &l) == 0) rc = err ? (errno = err, -1) : 0;
        else { close(fd); return 0; }
    }
    { int e = errno; close(fd); errno = e; }
    return rc == 0 ? 1 : errno == ECONNREFUSED ? 0 : -1;
}
