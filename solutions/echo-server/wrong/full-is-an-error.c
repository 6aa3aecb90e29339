/* mistake: EAGAIN from send() is taken for a broken connection, and the client is dropped */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 1000

static struct pollfd watched[MOST];
static int count = 1;

static void drop(int i)
{
    close(watched[i].fd);
    watched[i] = watched[--count];
    watched[0].events = POLLIN;
}

static void echo(int i)
{
    char data[8192];
    ssize_t n = recv(watched[i].fd, data, sizeof data, 0), done = 0;

    if (n <= 0) {
        drop(i);
        return;
    }
    while (done < n) {
        ssize_t sent = send(watched[i].fd, data + done, n - done, MSG_NOSIGNAL);
        if (sent < 0) {
            drop(i);
            return;
        }
        done += sent;
    }
}

int main(int argc, char **argv)
{
    char *end = "?";
    long port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (*end || port < 1 || port > 65535) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) < 0 || listen(listener, 128) < 0) {
        perror("echo_server");
        return 1;
    }
    watched[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
    for (;;) {
        if (poll(watched, count, -1) < 0)
            continue;
        for (int i = count - 1; i > 0; i--)
            if (watched[i].revents)
                echo(i);
        if (watched[0].revents) {
            int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (fd >= 0)
                watched[count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
            if (fd < 0 || count == MOST)
                watched[0].events = 0; /* until somebody leaves */
        }
    }
}
