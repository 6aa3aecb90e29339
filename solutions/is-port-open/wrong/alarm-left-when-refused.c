/* mistake: the alarm is not called off when the connection is refused */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <unistd.h>
static void on_alarm(int n) { (void)n; }
int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd, e;
    if (port < 1 || port > 65535) return -1;
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) return -1;
    a.sin_port = htons(port);
    signal(SIGALRM, on_alarm);
    alarm(1);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) { alarm(0); close(fd); return 1; }
    e = errno;
    close(fd);
    return e == ECONNREFUSED ? 0 : -1;
}
