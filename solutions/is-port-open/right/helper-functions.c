/* style: many small helpers */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

enum answer { FAILED = -1, CLOSED = 0, OPEN = 1 };

static bool is_port(int n)
{
    return n >= 1 && n <= 65535;
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr = { htonl(INADDR_LOOPBACK) },
    };
}

static int try_connect(int fd, struct sockaddr_in where)
{
    if (connect(fd, (struct sockaddr *)&where, sizeof where) == 0)
        return 0;
    return errno;
}

static enum answer judge(int error)
{
    if (error == 0)
        return OPEN;
    return error == ECONNREFUSED ? CLOSED : FAILED;
}

static enum answer ask(int fd, int port)
{
    enum answer a = judge(try_connect(fd, loopback(port)));
    close(fd);
    return a;
}

int is_port_open(int port)
{
    int fd;

    if (!is_port(port))
        return FAILED;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? FAILED : ask(fd, port);
}
