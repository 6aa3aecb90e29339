/* each client has a grandchild, which nobody must wait for; a pipe tells it when the server has gone */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIFELINE, CLIENT };

/* Wait for `events` on the client; 0 when the server has ended. */
static int wait_for(struct pollfd p[2], short events)
{
    p[CLIENT].events = events;
    p[CLIENT].revents = p[LIFELINE].revents = 0;
    while (poll(p, 2, -1) < 0)
        if (errno != EINTR)
            return 0;
    return p[LIFELINE].revents == 0;
}

static void serve(int client, int lifeline)
{
    struct pollfd p[2] = { { .fd = lifeline, .events = POLLIN }, { .fd = client } };
    char buffer[8192];

    fcntl(client, F_SETFL, O_NONBLOCK);
    while (wait_for(p, POLLIN)) {
        ssize_t length = read(client, buffer, sizeof buffer), done = 0;
        if (length == 0)
            return;
        if (length < 0) {
            if (errno == EAGAIN || errno == EINTR)
                continue;
            return;
        }
        while (done < length) {
            ssize_t n = write(client, buffer + done, length - done);
            if (n > 0)
                done += n;
            else if (errno != EAGAIN && errno != EINTR)
                return;
            else if (!wait_for(p, POLLOUT))
                return;
        }
    }
}

static int listen_on(int port)
{
    struct sockaddr_in here = { 0 };
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (fd < 0)
        return -1;
    here.sin_family = AF_INET;
    here.sin_port = htons(port);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, 64)) {
        close(fd);
        return -1;
    }
    return fd;
}

int main(int argc, char **argv)
{
    int port, used = 0, line[2];

    if (argc != 2 || sscanf(argv[1], "%5d%n", &port, &used) != 1 || argv[1][used] || port < 1 || port > 65535) {
        fputs("Usage: echo_server PORT\n", stderr);
        return 2;
    }
    int fd = listen_on(port);
    if (fd < 0 || pipe(line) < 0) {
        fprintf(stderr, "echo_server: cannot listen on port %d: ", port);
        perror("");
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int client = accept(fd, NULL, NULL);
        if (client < 0) {
            if (errno == EMFILE)
                poll(NULL, 0, 30);
            continue;
        }
        pid_t child = fork();
        if (child == 0) {
            if (fork() == 0) {
                close(fd);
                close(line[1]);
                serve(client, line[0]);
            }
            _exit(0);
        }
        if (child > 0)
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
                ;
        close(client);
    }
}
