/* mistake: the address is filled in once, so the first port is asked for ever */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in target;
static bool prepared;

static void prepare(int port)
{
    if (prepared)
        return;
    target.sin_family = AF_INET;
    target.sin_port = htons(port);
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    prepared = true;
}

int is_port_open(int port)
{
    int fd, answer = 1;

    if (port < 1 || port > 65535)
        return -1;
    prepare(port);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&target, sizeof target) < 0)
        answer = errno == ECONNREFUSED ? 0 : -1;
    close(fd);
    return answer;
}
