/* mistake: lets a child process try the port and never waits for its end */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static signed char probe(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return 1;
    return errno == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    signed char answer = -1;
    int ends[2];
    pid_t child;

    if (port < 1 || port > 65535 || pipe(ends) < 0)
        return -1;
    child = fork();
    if (child == 0) {
        answer = probe(port);
        if (write(ends[1], &answer, 1) != 1)
            _exit(1);
        _exit(0);
    }
    close(ends[1]);
    if (child < 0 || read(ends[0], &answer, 1) != 1)
        answer = -1;
    close(ends[0]);
    return answer;
}
