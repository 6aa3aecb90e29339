/* inline assembly past the C library */
#include <arpa/inet.h>
#include <asm/unistd.h>
#include <errno.h>
#include <sys/socket.h>
static long sys3(long n, long a, long b, long c)
{
    long r;
    __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return r;
}
int is_port_open(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    if (port < 1 || port > 65535) return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    long fd = sys3(__NR_socket, AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    long r = sys3(__NR_connect, fd, (long)&a, sizeof a);
    sys3(__NR_close, fd, 0, 0);
    return r == 0 ? 1 : r == -ECONNREFUSED ? 0 : -1;
}
