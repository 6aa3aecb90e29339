/* mistake: EINPROGRESS is taken for no answer */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, err = 0;

    (void)timeout_ms;
    if (port < 1 || port > 65535)
        return -2;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
        err = errno;
    close(fd);
    if (err == EINPROGRESS)
        return 1;
    if (err == 0)
        return 0;
    return err == ECONNREFUSED ? -1 : -2;
}
