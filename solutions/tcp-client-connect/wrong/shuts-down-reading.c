// mistake: the direction in which the caller wants to read is shut down
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#include <errno.h>
struct conn { struct sockaddr_in a; int s; };
static int fail(struct conn *c) { int e = errno; close(c->s); errno = e; return -1; }
int tcp_client_connect(int port)
{
    struct conn c = { { AF_INET, htons((unsigned short)port), { htonl(INADDR_LOOPBACK) }, {0} }, -1 };
    if ((unsigned)port - 1u >= 65535u) { errno = EINVAL; return -1; }
    return (c.s = socket(AF_INET, SOCK_STREAM, 0)) < 0 ? -1
         : connect(c.s, (struct sockaddr *)&c.a, sizeof c.a) ? fail(&c)
         : shutdown(c.s, SHUT_RD) ? fail(&c) : c.s;
}
