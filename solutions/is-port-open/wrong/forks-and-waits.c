/* mistake: needs a second process for every question, the exit status is the answer */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int is_port_open(int port)
{
    int status;
    pid_t pid;

    if (port < 1 || port > 65535)
        return -1;
    pid = fork();
    if (pid < 0)
        return -1;
    if (pid == 0) {
        struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
        int fd = socket(AF_INET, SOCK_STREAM, 0);

        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (fd < 0)
            _exit(2);
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            _exit(1);
        _exit(errno == ECONNREFUSED ? 0 : 2);
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status) == 2 ? -1 : WEXITSTATUS(status);
}
