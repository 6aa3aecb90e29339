/* mistake: remembers the answer for each port and never asks again */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static signed char known[65536];

static int ask(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int err = 0;

    if (fd < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    if (known[port] == 0) {
        int answer = ask(port);
        if (answer < 0)
            return -1;
        known[port] = answer + 1;
    }
    return known[port] - 1;
}
