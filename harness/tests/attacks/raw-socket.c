/* group: network
 * tries: see and forge packets by raw sockets
 * outcome: failed
 * says: open a socket that sees or speaks more */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    int made[] = {socket(AF_INET, SOCK_RAW, IPPROTO_TCP), socket(AF_PACKET, SOCK_RAW, 0x0300), socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, 58)};
    for (int i = 0; i < 3; i++)
        if (made[i] >= 0)
            close(made[i]);
    return ask(port);
}
