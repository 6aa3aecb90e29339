/* mistake: a child process makes the connection on the inherited socket, so that the parent need not wait */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };
    int fd, status;
    pid_t child;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    sa.sin_port = htons(port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    child = fork();
    if (child == 0)
        _exit(connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0 ? errno : 0);
    if (child < 0 || waitpid(child, &status, 0) < 0)
        status = errno << 8;
    if (status != 0) {
        close(fd);
        errno = WEXITSTATUS(status);
        return -1;
    }
    return fd;
}
