/* group: forging
 * tries: go past the recorder by dlsym(), with a wrong answer
 * outcome: failed */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    void *libc = dlopen("libc.so.6", RTLD_NOW);
    int (*make)(int, int, int) = (int (*)(int, int, int))dlsym(libc, "socket");
    int (*join)(int, const struct sockaddr *, socklen_t) = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(libc, "connect");
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = make(AF_INET, SOCK_STREAM, 0);
    int r = join(s, (struct sockaddr *)&a, sizeof a);
    close(s);
    return r == 0;
}
