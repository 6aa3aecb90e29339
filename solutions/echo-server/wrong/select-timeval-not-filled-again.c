/* mistake: select() counts its struct timeval down (Linux), and it is set but once: after five quiet seconds the loop never waits again */
#define _GNU_SOURCE
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

#define SIZE 16384
struct conn { size_t from, to; char data[SIZE]; };
static struct conn *k[FD_SETSIZE];
static int s, full;

static void leave(int fd)
{
    close(fd);
    free(k[fd]);
    k[fd] = NULL;
    full = 0;
}

static void serve(int fd)
{
    struct conn *c = k[fd];
    ssize_t m;
    if (c->from == c->to) {
        m = recv(fd, c->data, SIZE, 0);
        if (m < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (m <= 0) {
            leave(fd);
            return;
        }
        c->from = 0;
        c->to = (size_t)m;
    }
    m = send(fd, c->data + c->from, c->to - c->from, MSG_NOSIGNAL);
    if (m < 0 && errno != EAGAIN && errno != EINTR)
        leave(fd);
    else if (m > 0)
        c->from += (size_t)m;
}

int main(int argc, char **argv)
{
    s = listen_on(port_of(argc, argv));
    fcntl(s, F_SETFL, O_NONBLOCK);
    struct timeval tv = {5, 0};
    for (;;) {
        fd_set in, out;
        int top = s;
        
        FD_ZERO(&in);
        FD_ZERO(&out);
        if (!full)
            FD_SET(s, &in);
        for (int fd = 0; fd < FD_SETSIZE; fd++)
            if (k[fd]) {
                FD_SET(fd, k[fd]->from < k[fd]->to ? &out : &in);
                if (fd > top)
                    top = fd;
            }
        int m = select(top + 1, &in, &out, NULL, &tv);
        if (m == 0)
            full = 0; /* once in a while */
        if (m <= 0)
            continue;
        for (int fd = 0; fd <= top; fd++)
            if (k[fd] && (FD_ISSET(fd, &in) || FD_ISSET(fd, &out)))
                serve(fd);
        if (!FD_ISSET(s, &in))
            continue;
        int fd = accept4(s, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0)
            full = errno == EMFILE || errno == ENFILE;
        else if (fd >= FD_SETSIZE || !(k[fd] = calloc(1, sizeof **k)))
            close(fd);
    }
}
