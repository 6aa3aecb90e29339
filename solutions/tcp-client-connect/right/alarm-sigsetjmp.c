/* style: an alarm jumps out of a connect() that takes too long; handler and timer are put back */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static sigjmp_buf too_late;

static void on_alarm(int number)
{
    (void)number;
    siglongjmp(too_late, 1);
}

static int connect_within(int fd, const struct sockaddr *to, socklen_t size, int milliseconds)
{
    struct sigaction mine = { .sa_handler = on_alarm }, before;
    struct itimerval limit = { { 0, 0 }, { milliseconds / 1000, milliseconds % 1000 * 1000 } }, none = { 0 };
    volatile int error = ETIMEDOUT;

    sigaction(SIGALRM, &mine, &before);
    if (sigsetjmp(too_late, 1) == 0) {
        setitimer(ITIMER_REAL, &limit, NULL);
        error = connect(fd, to, size) == 0 ? 0 : errno;
    }
    setitimer(ITIMER_REAL, &none, NULL);
    sigaction(SIGALRM, &before, NULL);
    return error;
}

int tcp_client_connect(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd, error;

    if (port < 1 || port > 65535) {
        errno = ERANGE;
        return -1;
    }
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1)
        return -1;
    if ((error = connect_within(fd, (struct sockaddr *)&to, sizeof to, 1700)) != 0) {
        close(fd);
        errno = error;
        fd = -1;
    }
    return fd;
}
