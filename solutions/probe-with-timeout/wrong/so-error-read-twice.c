/* mistake: SO_ERROR is read twice; the first time clears it */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static struct timeval left_until(const struct timespec *end)
{
    struct timespec now;
    struct timeval left = { 0, 0 };
    long long us;

    clock_gettime(CLOCK_MONOTONIC, &now);
    us = (end->tv_sec - now.tv_sec) * 1000000LL + (end->tv_nsec - now.tv_nsec) / 1000;
    if (us > 0) {
        left.tv_sec = us / 1000000;
        left.tv_usec = us % 1000000;
    }
    return left;
}

static int socket_error(int s)
{
    int error = 0;
    socklen_t len = sizeof error;

    return getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

int probe_port(int port, int timeout_ms)
{
    struct sockaddr_in addr = { 0 };
    struct timespec end;
    int s, rc, answer = -2;

    if (port < 1 || port > 65535)
        return -2;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += timeout_ms / 1000;
    end.tv_nsec += timeout_ms % 1000 * 1000000L;

    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0)
        return -2;
    if (s >= FD_SETSIZE) {
        close(s);
        return -2;
    }
    fcntl(s, F_SETFL, fcntl(s, F_GETFL) | O_NONBLOCK);

    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(s, (struct sockaddr *)&addr, sizeof addr);
    if (rc == 0) {
        answer = 0;
    } else if (errno == ECONNREFUSED) {
        answer = -1;
    } else if (errno == EINPROGRESS) {
        fd_set w;
        struct timeval tv;
        int ready;

        do {
            FD_ZERO(&w);
            FD_SET(s, &w);
            tv = left_until(&end);
            ready = select(s + 1, NULL, &w, NULL, &tv);
        } while (ready < 0 && errno == EINTR);
        if (ready == 0) {
            answer = 1;
        } else if (ready > 0) {
            answer = socket_error(s) == 0 ? 0 : socket_error(s) == ECONNREFUSED ? -1 : -2;
        }
    }
    close(s);
    return answer;
}
