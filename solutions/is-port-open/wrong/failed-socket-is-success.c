/* mistake: where socket() fails nothing is connected, so nothing fails either, and that counts as open */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum answer { failed = -1, shut, open_ };

struct attempt { int fd; int saved; };

static struct attempt dial(unsigned short port)
{
    struct attempt it = { socket(PF_INET, SOCK_STREAM, 0), 0 };
    struct sockaddr_in to;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = inet_addr("127.1");
    if (it.fd >= 0 && connect(it.fd, (struct sockaddr *)&to, sizeof to) != 0)
        it.saved = errno;
    return it;
}

int is_port_open(int port)
{
    if (port <= 0 || port > 0xffff)
        return failed;
    for (int tries = 0; tries < 3; tries++) {
        struct attempt a = dial((unsigned short)port);
        if (a.fd >= 0)
            close(a.fd);
        if (a.saved == 0)
            return open_;
        if (a.saved == ECONNREFUSED)
            return shut;
    }
    return failed;
}
