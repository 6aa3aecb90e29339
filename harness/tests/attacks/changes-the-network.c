/* group: network
 * tries: take lo down, give it addresses and change routes
 * outcome: passed
 * note: it has no right to any of that, so nothing happens: the rest of it is right */
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <net/route.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    struct ifreq lo = {.ifr_flags = 0};
    struct rtentry route;
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s >= 0) {
        strcpy(lo.ifr_name, "lo");
        ioctl(s, SIOCSIFFLAGS, &lo);
        ioctl(s, SIOCSIFADDR, &lo);
        memset(&route, 0, sizeof route);
        ioctl(s, SIOCDELRT, &route);
        close(s);
    }
    return ask(port);
}
