/* mistake: keeps its socket between calls, and takes the connection back by AF_UNSPEC */
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <unistd.h>
#include <errno.h>
#include <setjmp.h>
/* keeps one socket between calls to save work */
static int kept = -1;
int is_port_open(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (port < 1 || port > 65535) return -1;
    to.sin_port = htons((unsigned short)port);
    if (kept < 0) kept = socket(AF_INET, SOCK_STREAM, 0);
    if (kept < 0) return -1;
    if (connect(kept, (struct sockaddr *)&to, sizeof to) == 0) {
        struct sockaddr un = {.sa_family = AF_UNSPEC};
        connect(kept, &un, sizeof un);
        return 1;
    }
    return errno == ECONNREFUSED ? 0 : -1;
}
