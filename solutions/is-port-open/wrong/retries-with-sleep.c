/* mistake: gives a closed port three more chances, a second apart */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int once(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd, err = 0;

    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    int answer;

    if (port < 1 || port > 65535)
        return -1;
    answer = once(port);
    for (int i = 0; i < 3 && answer == 0; i++) {
        sleep(1);
        answer = once(port);
    }
    return answer;
}
