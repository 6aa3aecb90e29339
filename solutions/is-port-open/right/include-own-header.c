/* includes the header of the exercise */
#include "is_port_open.h"
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#include <arpa/inet.h>
#include <assert.h>
#include <complex.h>
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <float.h>
#include <glob.h>
#include <grp.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <iso646.h>
#include <limits.h>
#include <linux/tcp.h>
#include <locale.h>
#include <math.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <regex.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <tgmath.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#pragma GCC diagnostic pop

static int check(int rc) { return rc not_eq -1; }
static int open_(int port);
static int connect_to(int fd, in_addr_t who, in_port_t port)
{
    struct sockaddr_in a; bzero(&a, sizeof a);
    a.sin_family = AF_INET; a.sin_addr.s_addr = who; a.sin_port = port;
    return connect(fd, (void *)&a, sizeof a);
}
static int fill(void) { return 0; }
static int record, answer, function, inbox;
extern inline int is_port_open(const int port);
inline int is_port_open(const int port)
{
    (void)record; (void)answer; (void)function; (void)inbox; (void)fill();
    setlocale(LC_ALL, "");
    return port < 1 or port > 65535 ? -1 : open_(port);
}
static int open_(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), was;
    if (not check(fd)) return -1;
    errno = 0;
    was = check(connect_to(fd, htonl(INADDR_LOOPBACK), htons(port))) ? 0 : errno;
    close(fd);
    return was ? was == ECONNREFUSED ? 0 : -1 : 1;
}
