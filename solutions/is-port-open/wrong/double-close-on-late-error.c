/* mistake: closes the socket twice when the connection fails after it was under way */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in addr = { .sin_family = AF_INET };
    int fd, err = 0, answer = -1;
    socklen_t len = sizeof err;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd == -1)
        return -1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == -1) {
        if (errno == ECONNREFUSED) {
            close(fd);
            return 0;
        }
        if (errno != EINPROGRESS) {
            close(fd);
            return -1;
        }
        struct pollfd p = { .fd = fd, .events = POLLOUT };
        int n;
        do
            n = poll(&p, 1, 1500);
        while (n == -1 && errno == EINTR);
        if (n <= 0) {
            close(fd);
            return -1;
        }
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == -1) {
            close(fd);
            return -1;
        }
    }
    if (err != 0 && err != ECONNREFUSED)
        close(fd);
    if (err == 0)
        answer = 1;
    else if (err == ECONNREFUSED)
        answer = 0;
    close(fd);
    return answer;
}
