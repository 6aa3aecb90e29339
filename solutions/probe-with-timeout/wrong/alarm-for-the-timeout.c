/* mistake: a timer and a signal handler of the whole process for one call's timeout */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static sigjmp_buf too_late;

static void on_alarm(int sig)
{
    (void)sig;
    siglongjmp(too_late, 1);
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct itimerval timer = { 0 }, none = { 0 };
    struct sigaction act = { .sa_handler = on_alarm }, before;
    volatile int answer = -2;
    int fd;

    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms < 1)
        timeout_ms = 1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -2;
    a.sin_port = htons(port);
    timer.it_value.tv_sec = timeout_ms / 1000;
    timer.it_value.tv_usec = timeout_ms % 1000 * 1000;
    sigaction(SIGALRM, &act, &before);
    if (sigsetjmp(too_late, 1)) {
        answer = 1;
    } else {
        int rc;

        setitimer(ITIMER_REAL, &timer, NULL);
        do
            rc = connect(fd, (struct sockaddr *)&a, sizeof a);
        while (rc < 0 && (errno == EINTR || errno == EALREADY));
        if (rc == 0 || errno == EISCONN)
            answer = 0;
        else if (errno == ECONNREFUSED)
            answer = -1;
    }
    setitimer(ITIMER_REAL, &none, NULL);
    sigaction(SIGALRM, &before, NULL);
    close(fd);
    return answer;
}
