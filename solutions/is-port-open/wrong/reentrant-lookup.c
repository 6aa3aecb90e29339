/* mistake: looks up a name by the reentrant resolver call */
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
    struct hostent h, *r; char buf[1024]; int e, why;
    if (OUT(port)) return -1;
    if (gethostbyname_r("localhost", &h, buf, sizeof buf, &r, &e) || !r) return -1;
    int rc = ask(port, &why); return ANSWER(rc, why); }
