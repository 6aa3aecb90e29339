/* style: a child for each client; the kernel reaps them, since SIGCHLD is ignored */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void child(int client)
{
    time_t now = time(NULL);
    char line[28];
    int length = snprintf(line, sizeof line, "%.24s\r\n", ctime(&now));

    _exit(write(client, line, (size_t)length) == length ? 0 : 1);
}

int main(int argc, char **argv)
{
    char *end = "";
    long port = 0;

    if (argc == 2)
        port = strtol(argv[1], &end, 10);
    if (*end != '\0' || port < 1 || port > 65535) {
        fprintf(stderr, "Usage: %s port\n", argc > 0 ? argv[0] : "daytime_server");
        exit(2);
    }

    int s = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    struct sockaddr_in local;
    memset(&local, 0, sizeof local);
    local.sin_family = AF_INET;
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    local.sin_port = htons((uint16_t)port);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(s, (struct sockaddr *)&local, sizeof local) < 0 || listen(s, 64) < 0) {
        perror("daytime_server");
        exit(1);
    }
    signal(SIGCHLD, SIG_IGN); /* no zombies: see wait(2), Notes */

    for (;;) {
        int client = accept(s, NULL, NULL);
        if (client < 0)
            continue;
        if (fork() == 0)
            child(client); /* SIGPIPE may end the child: it hurts nobody */
        close(client);
    }
}
