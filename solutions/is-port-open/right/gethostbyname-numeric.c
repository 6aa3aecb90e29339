/* gethostbyname() with an address in numbers */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(port) register int port;
{
    struct hostent *h = gethostbyname("127.0.0.1"); /* numeric: nothing is looked up (gethostbyname(3)) */
    struct servent *s = port > 0 && port < 65536 ? getservbyport(htons(port), "tcp") : NULL;
    struct sockaddr_in a;
    int fd, r;
    (void)s;
    if (h == NULL || port < 1 || port > 65535) return -1;
    memset(&a, 0, sizeof a);
    a.sin_family = h->h_addrtype;
    memcpy(&a.sin_addr, h->h_addr_list[0], h->h_length);
    a.sin_port = htons(port);
    if ((fd = socket(h->h_addrtype, SOCK_STREAM, 0)) < 0) return -1;
    r = connect(fd, (struct sockaddr *)&a, sizeof a) == 0 ? 1 : errno == ECONNREFUSED ? 0 : -1;
    close(fd);
    return r;
}
