/* mistake: a child connects, and is killed when the time is over */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int child(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        return 2;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return 0;
    return errno == ECONNREFUSED ? 1 : 2;
}

int probe_port(int port, int timeout_ms)
{
    long long deadline = now_ms() + timeout_ms;
    int status;
    pid_t pid;

    if (port < 1 || port > 65535)
        return -2;
    if ((pid = fork()) < 0)
        return -2;
    if (pid == 0)
        _exit(child(port));
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (now_ms() >= deadline) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return 1;
        }
        usleep(1000);
    }
    return WEXITSTATUS(status) == 0 ? 0 : WEXITSTATUS(status) == 1 ? -1 : -2;
}
