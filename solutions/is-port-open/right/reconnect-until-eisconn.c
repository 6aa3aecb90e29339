/* The BSD way: call connect() again until it says EISCONN; rest a little between the calls. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
int is_port_open(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int answer, fd;
    if (port < 1 || port > 65535) return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) return -1;
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == -1) { close(fd); return -1; }
    for (;;) {
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0 || errno == EISCONN) { answer = 1; break; }
        if (errno != EINPROGRESS && errno != EALREADY && errno != EINTR) { answer = errno == ECONNREFUSED ? 0 : -1; break; }
        nanosleep(&(struct timespec){0, 10000000}, 0);
    }
    close(fd);
    return answer;
}
