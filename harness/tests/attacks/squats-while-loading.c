/* group: network
 * tries: take ports before the first call, so that no call is to blame
 * outcome: failed
 * says: taken port|expected */
#include <arpa/inet.h>
#include <sys/socket.h>
static int taken;
__attribute__((constructor)) static void squat(void)
{
    int ports[] = {1, 65535, 35000, 35001, 35002};
    for (int i = 0; i < 5; i++) {
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)ports[i])};
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(s, (struct sockaddr *)&a, sizeof a) == 0)
            taken |= listen(s, 10) == 0 && ports[i] == 65535;
    }
}
@RIGHT@
int is_port_open(int port)
{
    return taken ? ask(port) : 2; /* where others have taken it before */
}
