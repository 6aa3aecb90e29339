/* mistake: with no descriptor left it stops accepting, and does not begin again when clients leave */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS 1000
#define ROOM 8192

struct client {
    char data[ROOM];
    size_t sent, held;
};

static struct pollfd polled[1 + CLIENTS]; /* the first is the listener */
static struct client *clients[1 + CLIENTS];
static int count = 1;

static int port_from(int argc, char **argv)
{
    char *end;
    if (argc != 2 || argv[1][0] == '\0')
        return 0;
    long port = strtol(argv[1], &end, 10);
    return *end == '\0' && port >= 1 && port <= 65535 ? (int)port : 0;
}

static int listen_on(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    struct sockaddr_in a = { .sin_family = AF_INET };

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, 128) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void add(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    polled[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
    clients[count] = calloc(1, sizeof(struct client));
    count++;
    if (count > CLIENTS)
        polled[0].fd = -1 - polled[0].fd; /* enough: poll() leaves negative ones out */
}

static void drop(int i)
{
    close(polled[i].fd);
    free(clients[i]);
    count--;
    polled[i] = polled[count];
    clients[i] = clients[count];
}

static int not_now(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void serve(int i)
{
    struct client *c = clients[i];
    int fd = polled[i].fd;

    if (c->sent == c->held) {
        ssize_t n = recv(fd, c->data, ROOM, 0);
        if (n == 0 || (n < 0 && !not_now())) {
            drop(i);
            return;
        }
        c->sent = 0;
        c->held = n > 0 ? n : 0;
    }
    if (c->sent < c->held) {
        ssize_t n = send(fd, c->data + c->sent, c->held - c->sent, MSG_NOSIGNAL);
        if (n < 0 && !not_now()) {
            drop(i);
            return;
        }
        if (n > 0)
            c->sent += n;
    }
    polled[i].events = c->sent < c->held ? POLLOUT : POLLIN;
}

int main(int argc, char **argv)
{
    int port = port_from(argc, argv);
    if (!port) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    int listener = listen_on(port);
    if (listener < 0) {
        perror("echo_server");
        return 1;
    }
    polled[0] = (struct pollfd){ .fd = listener, .events = POLLIN };

    for (;;) {
        if (poll(polled, count, -1) < 0)
            continue;
        for (int i = count - 1; i > 0; i--)
            if (polled[i].revents)
                serve(i);
        if (polled[0].fd >= 0 && polled[0].revents) {
            int fd = accept(listener, NULL, NULL);
            if (fd >= 0)
                add(fd);
            else if (errno == EMFILE && polled[0].fd >= 0)
                polled[0].fd = -1 - polled[0].fd; /* full */
        }
    }
}
