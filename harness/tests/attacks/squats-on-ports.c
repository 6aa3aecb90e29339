/* group: network
 * tries: take the ports that later checks need, so that they fail as the grader's fault
 * outcome: failed
 * says: taken port|still open */
#include <arpa/inet.h>
#include <sys/socket.h>
static int taken;
@RIGHT@
int is_port_open(int port)
{
    int ports[] = {1, 65535, 35000, 35001, 35002};
    for (int i = 0; i < 5 && !taken; i++) {
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)ports[i])};
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(s, (struct sockaddr *)&a, sizeof a) == 0)
            listen(s, 10);
    }
    taken = 1;
    return ask(port);
}
