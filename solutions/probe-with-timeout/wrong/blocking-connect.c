/* mistake: a blocking connect() waits as long as the kernel does; the timeout comes after it */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct pollfd p = { .events = POLLOUT };
    int answer;

    if (port < 1 || port > 65535)
        return -2;
    p.fd = socket(AF_INET, SOCK_STREAM, 0);
    if (p.fd < 0)
        return -2;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(p.fd, (struct sockaddr *)&a, sizeof a) < 0)
        answer = errno == ECONNREFUSED ? -1 : errno == ETIMEDOUT ? 1 : -2;
    else
        answer = poll(&p, 1, timeout_ms > 0 ? timeout_ms : 0) == 0 ? 1 : 0;
    close(p.fd);
    return answer;
}
