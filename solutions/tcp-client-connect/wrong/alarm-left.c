/* mistake: the alarm that limits connect() is never called off; two seconds later it kills the caller */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
int tcp_client_connect(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd, e;
    if (port < 1 || port > 65535) { errno = EINVAL; return -1; }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1) return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    alarm(2);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == -1) {
        e = errno; close(fd); errno = e;
        return -1;
    }
    return fd;
}
