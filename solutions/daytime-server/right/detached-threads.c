/* style: a detached thread for each client */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void *tell(void *argument)
{
    int client = (int)(intptr_t)argument;
    char text[26];
    time_t now = time(NULL);

    dprintf(client, "%.24s\r\n", ctime_r(&now, text));
    close(client);
    return NULL;
}

static int is_port(const char *text, in_port_t *port)
{
    unsigned long number = 0;

    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9')
            return 0;
        number = number * 10 + (unsigned long)(*p - '0');
        if (number > 65535)
            return 0;
    }
    *port = (in_port_t)number;
    return number != 0;
}

int main(int argc, char **argv)
{
    in_port_t port;
    if (argc != 2 || !is_port(argv[1], &port)) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = { AF_INET, htons(port), { htonl(INADDR_LOOPBACK) }, { 0 } };
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0
        || bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 100) < 0) {
        perror(argv[0]);
        return 1;
    }
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (;;) {
        pthread_t thread;
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && pthread_create(&thread, &attributes, tell, (void *)(intptr_t)client) != 0)
            close(client);
    }
}
