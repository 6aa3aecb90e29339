/* style: exceptions of one's own with setjmp(); what was acquired is undone from a little stack */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct attempt {
    jmp_buf out;
    int opened[4];
    int count;
};

static void throw_errno(struct attempt *try)
{
    int number = errno;

    while (try->count > 0)
        close(try->opened[--try->count]);
    errno = number;
    longjmp(try->out, 1);
}

static int must(struct attempt *try, int result)
{
    if (result < 0)
        throw_errno(try);
    return result;
}

static int opened(struct attempt *try, int fd)
{
    must(try, fd);
    try->opened[try->count++] = fd;
    return fd;
}

int tcp_client_connect(int port)
{
    struct attempt try = { .count = 0 };
    struct sockaddr_in to;
    int two = 2, fd;

    if (setjmp(try.out))
        return -1;
    errno = EINVAL;
    must(&try, port >= 1 && port <= 65535 ? 0 : -1);

    fd = opened(&try, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    must(&try, setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &two, sizeof two));
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(&try, connect(fd, (struct sockaddr *)&to, sizeof to));
    return fd;
}
