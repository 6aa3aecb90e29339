/* mistake: nobody waits for the children that have ended */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void echo(int fd)
{
    char buffer[4096];
    ssize_t n;

    while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0) {
        ssize_t done = 0;
        while (done < n) {
            ssize_t sent = send(fd, buffer + done, n - done, MSG_NOSIGNAL);
            if (sent < 0)
                return;
            done += sent;
        }
    }
}

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

    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            close(listener);
            echo(client);
            exit(0);
        }
        close(client);
    }
}
