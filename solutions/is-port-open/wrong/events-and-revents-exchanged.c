/* mistake: what poll() shall wait for is written into revents, which poll() fills in itself */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <unistd.h>

static int verdict(int sock)
{
    struct pollfd watched = { .fd = sock, .revents = POLLOUT };
    int reason = 0;
    socklen_t size = sizeof reason;
    int ready;
    while ((ready = poll(&watched, 1, 1000)) == -1 && errno == EINTR)
        continue;
    if (ready != 1 || getsockopt(sock, SOL_SOCKET, SO_ERROR, &reason, &size) == -1)
        return -1;
    if (reason == ECONNREFUSED)
        return 0;
    return reason == 0 ? 1 : -1;
}

int is_port_open(int port)
{
    struct sockaddr_in home = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int sock, answer;
    if (port <= 0 || port >= 65536)
        return -1;
    home.sin_port = htons((in_port_t)port);
    sock = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (sock == -1)
        return -1;
    if (connect(sock, (const struct sockaddr *)&home, sizeof home) == 0)
        answer = 1;
    else if (errno == EINPROGRESS)
        answer = verdict(sock);
    else
        answer = errno == ECONNREFUSED ? 0 : -1;
    close(sock);
    return answer;
}
