/* mistake: tv_nsec gets a second and more, which ppoll() refuses */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

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

    int answer = -2, err = 0;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        err = errno;
    if (err == EINPROGRESS) {
        struct pollfd watched = { .fd = fd, .events = POLLOUT };
        struct timespec limit = { .tv_nsec = timeout_ms * 1000000L };
        socklen_t len = sizeof err;
        sigset_t all;

        sigfillset(&all);
        int ready = ppoll(&watched, 1, &limit, &all);
        if (ready == 0) {
            close(fd);
            return 1;
        }
        if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
            err = -1;
    }
    if (err == 0)
        answer = 0;
    else if (err == ECONNREFUSED)
        answer = -1;
    close(fd);
    return answer;
}
