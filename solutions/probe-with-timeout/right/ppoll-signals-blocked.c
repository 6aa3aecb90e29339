/* ppoll() with every signal held back for as long as it waits: one call, one whole timeout */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

static int connection_error(int fd)
{
    int error;
    socklen_t len = sizeof error;

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

int probe_port(int port, int timeout_ms)
{
    if (port < 1 || port > 65535)
        return -2;
    if (timeout_ms < 0)
        timeout_ms = 0;

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -2;

    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);

    int answer = -2;
    int error = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        struct pollfd watched = { .fd = fd, .events = POLLOUT };
        struct timespec limit = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
        sigset_t all;

        sigfillset(&all);
        int ready = ppoll(&watched, 1, &limit, &all);
        if (ready == 0) {
            answer = 1;
            goto out;
        }
        error = ready < 0 ? errno : connection_error(fd);
    }
    if (error == 0)
        answer = 0;
    if (error == ECONNREFUSED)
        answer = -1;
out:
    close(fd);
    return answer;
}
