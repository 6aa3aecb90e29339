/* mistake: ETIMEDOUT counts as closed */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int s, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    s = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s < 0)
        return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = inet_addr("127.0.0.1");
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(s);
    if (err == 0)
        return 1;
    if (err == ECONNREFUSED || err == ETIMEDOUT)
        return 0;
    return -1;
}
