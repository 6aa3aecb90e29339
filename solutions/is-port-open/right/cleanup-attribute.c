/* the cleanup attribute closes the socket */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
static int calls;
static void closer(int *fd) { if (*fd >= 0) { int e = errno; close(*fd); errno = e; } }
#define AUTO __attribute__((cleanup(closer)))
__attribute__((constructor)) static void hello(void) { puts("hello from the constructor"); calls = 0; }
__attribute__((destructor)) static void bye(void) { fprintf(stderr, "%d calls\n", calls); }
static void at_end(void) { puts("bye"); }
__attribute__((noinline, hot, nonnull)) static int ask(const struct sockaddr *a, socklen_t n, int *err)
{
    AUTO int fd = socket(a->sa_family, SOCK_STREAM, 0);
    if (fd < 0) return *err = errno, -1;
    int r = connect(fd, a, n);
    if (r) *err = errno;
    return r;
}
int is_port_open(int port)
{
    if (!calls++) atexit(at_end);
    char vla[port > 0 && port < 65536 ? (int)sizeof(struct sockaddr_in) + port % 7 : 16];
    struct sockaddr_in *a = __builtin_alloca_with_align(sizeof *a, 128);
    (void)sizeof vla; vla[0] = 0;
    if (port < 1 || port > 65535) return -1;
    *a = (struct sockaddr_in){AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {0}};
    int e;
    return ask((struct sockaddr *)a, sizeof *a, &e) == 0 ? 1 : e == ECONNREFUSED ? 0 : -1;
}
