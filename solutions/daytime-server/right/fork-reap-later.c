/* style: a child for each client; those that have ended are waited for when the next client comes */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE 26

static int port_of(const char *text)
{
    int port = 0;

    if (strlen(text) < 1 || strlen(text) > 5)
        return 0;
    while (*text >= '0' && *text <= '9')
        port = 10 * port + *text++ - '0';
    return *text == '\0' && port <= 65535 ? port : 0;
}

static void serve(int client)
{
    char line[LINE + 1];
    time_t now = time(NULL);
    int sent = 0, n;

    sprintf(line, "%.24s\r\n", ctime(&now));
    while (sent < LINE && (n = write(client, line + sent, LINE - sent)) > 0)
        sent += n;
    exit(sent == LINE ? EXIT_SUCCESS : EXIT_FAILURE);
}

int main(int argc, char *argv[])
{
    int port = argc == 2 ? port_of(argv[1]) : 0;
    struct sockaddr_in address = { .sin_family = AF_INET };
    int server, on = 1;

    if (port == 0) {
        fprintf(stderr, "Usage: %s PORT\n", argv[0]);
        return 2;
    }
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 10) != 0) {
        perror("daytime_server");
        return EXIT_FAILURE;
    }
    for (;;) {
        int client = accept(server, NULL, NULL);
        pid_t child = client >= 0 ? fork() : -1;

        if (child == 0) {
            close(server);
            serve(client);
        }
        if (client >= 0)
            close(client);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}
