/* select() with a master set, a queue for each client, a tick of five seconds; the listener is left out while it is full */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int port_of(int argc, char **argv)
{
    char *end = NULL;
    long value;
    if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9') {
        errno = 0;
        value = strtol(argv[1], &end, 10);
        if (*end == '\0' && errno == 0 && value >= 1 && value <= 65535)
            return (int)value;
    }
    fprintf(stderr, "usage: echo_server PORT\n");
    exit(2);
}

static int listen_on(int port)
{
    struct sockaddr_in sa;
    int on = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    memset(&sa, 0, sizeof sa);
    sa.sin_family = AF_INET;
    sa.sin_port = htons((uint16_t)port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(s, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(s, SOMAXCONN) < 0) {
        perror("echo_server");
        exit(1);
    }
    return s;
}

struct queue { char *data; size_t from, to; int ended; };
static struct queue q[FD_SETSIZE];
static fd_set master;
static int fdmax, listener, full;
#define ROOM 32768

static void bye(int fd)
{
    free(q[fd].data);
    memset(&q[fd], 0, sizeof q[fd]);
    FD_CLR(fd, &master);
    close(fd);
    full = 0;
}

static int soft(void) { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

static void flush_out(int fd)
{
    while (q[fd].from < q[fd].to) {
        ssize_t n = send(fd, q[fd].data + q[fd].from, q[fd].to - q[fd].from, MSG_NOSIGNAL);
        if (n < 0) {
            if (!soft())
                bye(fd);
            return;
        }
        q[fd].from += (size_t)n;
    }
    q[fd].from = q[fd].to = 0;
}

static void new_one(void)
{
    int fd = accept(listener, NULL, NULL);
    if (fd == -1) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            full = 1;
        return;
    }
    if (fd >= FD_SETSIZE || !(q[fd].data = malloc(ROOM))) {
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    FD_SET(fd, &master);
    if (fd > fdmax)
        fdmax = fd;
}

int main(int argc, char **argv)
{
    listener = listen_on(port_of(argc, argv));
    fcntl(listener, F_SETFL, O_NONBLOCK);
    FD_ZERO(&master);
    fdmax = listener;
    for (;;) {
        fd_set in, out;
        struct timeval tv = {5, 0};
        FD_ZERO(&in);
        FD_ZERO(&out);
        if (!full)
            FD_SET(listener, &in);
        for (int fd = 0; fd <= fdmax; fd++)
            if (FD_ISSET(fd, &master)) {
                if (q[fd].to > q[fd].from)
                    FD_SET(fd, &out);
                else
                    FD_SET(fd, &in);
            }
        int n = select(fdmax + 1, &in, &out, NULL, &tv);
        if (n == 0)
            full = 0; /* housekeeping: try the listener again */
        if (n <= 0)
            continue;
        for (int fd = 0; fd <= fdmax; fd++) {
            if (fd == listener) {
                if (FD_ISSET(fd, &in))
                    new_one();
            } else if (FD_ISSET(fd, &out) && FD_ISSET(fd, &master)) {
                flush_out(fd);
            } else if (FD_ISSET(fd, &in) && FD_ISSET(fd, &master)) {
                ssize_t got = recv(fd, q[fd].data, ROOM, 0);
                if (got > 0) {
                    q[fd].to = (size_t)got;
                    flush_out(fd);
                } else if (got == 0 || !soft())
                    bye(fd);
            }
        }
    }
}
