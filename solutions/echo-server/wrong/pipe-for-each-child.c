/* each child reports through a pipe; when there is no room for one, the client is forgotten, but not closed */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1000 };
static struct pollfd watched[MOST + 1]; /* the listener, then a pipe for each child */
static int many = 1;

static void serve(int client)
{
    static char bytes[1 << 15];
    ssize_t n;

    while ((n = read(client, bytes, sizeof bytes)) > 0)
        for (ssize_t done = 0, sent; done < n; done += sent)
            if ((sent = write(client, bytes + done, n - done)) < 0)
                _exit(0);
    _exit(0);
}

static void let_in(int listener)
{
    int client = accept(listener, NULL, NULL), ends[2];
    if (client < 0) {
        poll(NULL, 0, 10);
        return;
    }
    if (many > MOST || pipe(ends)) {
        poll(NULL, 0, 10);
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        signal(SIGTERM, SIG_DFL);
        close(listener);
        close(ends[0]);
        serve(client); /* its end closes ends[1], which tells the parent */
    }
    close(client);
    close(ends[1]);
    watched[many++] = (struct pollfd){ ends[0], POLLIN, 0 };
}

int main(int argc, char **argv)
{
    char *rest = "";
    long port = argc == 2 ? strtol(argv[1], &rest, 10) : 0;
    if (*rest || port < 1 || port > 65535) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    signal(SIGCHLD, SIG_IGN); /* the kernel buries them */

    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 300)) {
        perror("echo_server");
        return 1;
    }
    watched[0] = (struct pollfd){ listener, POLLIN, 0 };
    for (;;) {
        if (poll(watched, many, -1) < 0)
            continue;
        for (int i = many - 1; i > 0; i--)
            if (watched[i].revents) {
                close(watched[i].fd);
                watched[i] = watched[--many];
            }
        if (watched[0].revents)
            let_in(listener);
    }
}
