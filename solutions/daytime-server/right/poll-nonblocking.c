/* style: poll() over a non-blocking listener and a pipe that the signal handler writes to */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int pipe_fds[2];

static void stop(int number)
{
    int saved = errno;
    (void)number;
    if (write(pipe_fds[1], "", 1) < 0) {
        /* the pipe is full: the message is there already */
    }
    errno = saved;
}

static int port_from(const char *text)
{
    char *end;
    long number;

    if (strspn(text, "0123456789") != strlen(text))
        return -1;
    number = strtol(text, &end, 10);
    return end != text && number >= 1 && number <= 65535 ? (int)number : -1;
}

static void serve_all(int listener)
{
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        time_t now = time(NULL);
        char line[32];

        if (client < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            return; /* EAGAIN: that was the last one for now */
        }
        snprintf(line, sizeof line, "%.24s\r\n", ctime(&now));
        send(client, line, strlen(line), MSG_NOSIGNAL);
        close(client);
    }
}

int main(int argc, char **argv)
{
    int port = argc == 2 ? port_from(argv[1]) : -1;
    if (port < 0) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(port) };
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, SOMAXCONN) < 0) {
        perror(argv[0]);
        return 1;
    }
    if (pipe2(pipe_fds, O_NONBLOCK | O_CLOEXEC) < 0) {
        perror("pipe2");
        return 1;
    }
    signal(SIGTERM, stop);
    signal(SIGINT, stop);

    struct pollfd watched[] = { { listener, POLLIN, 0 }, { pipe_fds[0], POLLIN, 0 } };
    while (!watched[1].revents) {
        if (poll(watched, 2, -1) < 0)
            continue; /* EINTR: revents stay as they were */
        if (watched[0].revents)
            serve_all(listener);
    }
    close(listener);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return 0;
}
