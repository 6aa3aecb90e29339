/* group: network
 * tries: reach another machine
 * outcome: failed
 * says: 198.51.100.7
 * shared: the report says so, but no rule keeps it from it */
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = inet_addr("198.51.100.7")};
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0); /* no packet is sent by a UDP connect() */
    if (s >= 0) {
        connect(s, (struct sockaddr *)&a, sizeof a);
        close(s);
    }
    return ask(port);
}
