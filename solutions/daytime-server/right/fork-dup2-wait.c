/* style: as inetd does it: a child whose standard output is the connection, waited for at once */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void daytime(void)
{
    time_t now = time(NULL);

    printf("%.24s\r\n", ctime(&now));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int listener, client, port, on = 1;
    struct sockaddr_in sin;
    char *end;
    long value;
    pid_t child;

    if (argc != 2)
        goto usage;
    value = strtol(argv[1], &end, 10);
    if (*argv[1] == '\0' || *end != '\0' || value < 1 || value > 65535)
        goto usage;
    port = (int)value;
    if ((listener = socket(AF_INET, SOCK_STREAM, 0)) == -1) {
        perror("socket");
        exit(1);
    }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, (char *)&on, sizeof(on));
    memset((char *)&sin, 0, sizeof(sin));
    sin.sin_family = AF_INET;
    sin.sin_port = htons(port);
    sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) == -1 || listen(listener, 5) == -1) {
        perror("daytime_server");
        exit(1);
    }
    for (;;) {
        if ((client = accept(listener, NULL, NULL)) == -1)
            continue;
        switch (child = fork()) {
        case 0:
            close(listener);
            dup2(client, STDOUT_FILENO);
            close(client);
            daytime();
            _exit(0);
        case -1:
            perror("fork");
            close(client);
            break;
        default:
            close(client);
            while (waitpid(child, NULL, 0) == -1 && errno == EINTR)
                ;
        }
    }
usage:
    fprintf(stderr, "Usage: %s PORT\n", argv[0]);
    exit(2);
}
