/* one process, select(), a buffer for each client; the listener is left alone while no descriptor is free */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 16384

struct client {
    char data[ROOM];
    size_t from, to; /* what is still to be sent */
};

static struct client *clients[FD_SETSIZE];
static bool full;

static void drop(int fd)
{
    free(clients[fd]);
    clients[fd] = NULL;
    close(fd);
    full = false;
}

static void welcome(int listener)
{
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            full = true;
        return;
    }
    if (fd >= FD_SETSIZE || !(clients[fd] = calloc(1, sizeof *clients[fd]))) {
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static bool temporary(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void receive(int fd)
{
    struct client *c = clients[fd];
    ssize_t n = recv(fd, c->data, ROOM, 0);
    if (n > 0) {
        c->from = 0;
        c->to = (size_t)n;
    } else if (n == 0 || !temporary()) {
        drop(fd);
    }
}

static void deliver(int fd)
{
    struct client *c = clients[fd];
    ssize_t n = send(fd, c->data + c->from, c->to - c->from, MSG_NOSIGNAL);
    if (n >= 0)
        c->from += (size_t)n;
    else if (!temporary())
        drop(fd);
}

int main(int argc, char **argv)
{
    char *end = NULL;
    long port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (port < 1 || port > 65535 || *end) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        exit(2);
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, SOMAXCONN)) {
        perror("bind");
        exit(1);
    }
    for (;;) {
        fd_set in, out;
        int top = listener;
        FD_ZERO(&in);
        FD_ZERO(&out);
        if (!full)
            FD_SET(listener, &in);
        for (int fd = 0; fd < FD_SETSIZE; fd++) {
            if (!clients[fd])
                continue;
            FD_SET(fd, clients[fd]->from < clients[fd]->to ? &out : &in);
            if (fd > top)
                top = fd;
        }
        if (select(top + 1, &in, &out, NULL, NULL) < 0)
            continue;
        for (int fd = 0; fd <= top; fd++) {
            if (clients[fd] && FD_ISSET(fd, &out))
                deliver(fd);
            else if (clients[fd] && FD_ISSET(fd, &in))
                receive(fd);
        }
        if (FD_ISSET(listener, &in))
            welcome(listener);
    }
}
