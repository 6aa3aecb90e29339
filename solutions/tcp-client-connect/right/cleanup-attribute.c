/* style: gcc's cleanup attribute closes; success takes the descriptor out of its reach */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void close_if_ours(int *fd)
{
    int kept = errno;
    if (*fd >= 0)
        close(*fd);
    errno = kept;
}

#define OWNED __attribute__((cleanup(close_if_ours)))

static int release(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

int tcp_client_connect(int port)
{
    if (port != (in_port_t)port || port == 0)
        return errno = ERANGE, -1;

    OWNED int fd = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in sa = { .sin_family = AF_INET };
    sa.sin_port = htons((in_port_t)port);
    sa.sin_addr.s_addr = inet_addr("127.0.0.1");

    if (fd >= 0 && connect(fd, (const struct sockaddr *)&sa, sizeof sa) == 0)
        return release(&fd);
    return -1;
}
