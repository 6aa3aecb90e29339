/* style: old definition with the parameter types below */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

static void fill(a, port)
    struct sockaddr_in *a;
    int port;
{
    char *p = (char *) a;
    register int n;

    for (n = sizeof *a; n-- > 0; )
        *p++ = 0;
    a->sin_family = AF_INET;
    a->sin_port = htons(port);
    a->sin_addr.s_addr = inet_addr("127.0.0.1");
}

int is_port_open(port)
    int port;
{
    struct sockaddr_in a;
    register int s;
    int e;

    if (port < 1 || port > 65535)
        return (-1);
    fill(&a, port);
    if ((s = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return (-1);
    e = 0;
    if (connect(s, (struct sockaddr *) &a, sizeof a) < 0)
        e = errno;
    (void) close(s);
    if (e == ECONNREFUSED)
        return (0);
    if (e)
        return (-1);
    return (1);
}
