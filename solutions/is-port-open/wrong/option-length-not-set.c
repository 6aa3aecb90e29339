/* mistake: never sets the length that getsockopt() needs */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static int ask(int port, int *why) /* 0 or -1 */
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1) { *why = errno; return -2; }
    int rc = connect(fd, (struct sockaddr *)&a, sizeof a);
    *why = errno;
    close(fd);
    return rc;
}
#define OUT(p) ((p) < 1 || (p) > 65535)
#define ANSWER(rc, why) ((rc) == 0 ? 1 : (rc) == -1 && (why) == ECONNREFUSED ? 0 : -1)
int is_port_open(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int err, r; socklen_t len; /* never set */
    if (OUT(port)) return -1;
    a.sin_port = htons(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd == -1) return -1;
    if (connect(fd, (void *)&a, sizeof a) == 0) { close(fd); return 1; }
    if (errno != EINPROGRESS) { r = errno == ECONNREFUSED ? 0 : -1; close(fd); return r; }
    struct pollfd p = {fd, POLLOUT, 0};
    while (poll(&p, 1, -1) < 0 && errno == EINTR) ;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1; }
