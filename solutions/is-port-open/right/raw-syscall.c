/* style: the calls made through syscall() */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    long fd, rc;
    int err;

    if (port < 1 || port > 65535)
        return -1;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    rc = syscall(SYS_connect, (int)fd, &to, sizeof to);
    err = rc < 0 ? errno : 0;
    syscall(SYS_close, (int)fd);

    if (err == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
