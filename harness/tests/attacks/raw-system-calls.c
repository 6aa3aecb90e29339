/* group: forging
 * tries: go past the recorder by syscall(), and leave every descriptor open
 * outcome: failed
 * says: still open */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    if (s < 0)
        return -1;
    return syscall(SYS_connect, s, &a, sizeof a) == 0 ? 1 : errno == ECONNREFUSED ? 0 : -1;
}
