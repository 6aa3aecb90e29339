/* mistake: remembers that a port gave an error and does not ask again */
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
static char bad[65536];
int is_port_open(int port) {
    int why;
    if (OUT(port)) return -1;
    if (bad[port]) return -1;
    int rc = ask(port, &why);
    if (ANSWER(rc, why) == -1) bad[port] = 1;
    return ANSWER(rc, why); }
