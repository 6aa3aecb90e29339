/* style: one thread waits for signals, another one for clients */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void *serve(void *argument)
{
    int listener = *(int *)argument;

    for (;;) {
        char text[26], line[27];
        time_t now;
        int client = accept(listener, NULL, NULL);

        if (client < 0)
            continue;
        now = time(NULL);
        snprintf(line, sizeof line, "%.24s\r\n", ctime_r(&now, text));
        for (size_t done = 0; done < 26;) {
            ssize_t n = write(client, line + done, 26 - done);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                break;
            done += (size_t)n;
        }
        close(client);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in addr;
    pthread_t thread;
    sigset_t set;
    int listener, on = 1, number, port, used = 0;

    if (argc != 2 || strlen(argv[1]) > 5 || sscanf(argv[1], "%d%n", &port, &used) != 1 || argv[1][used] != '\0'
        || port < 1 || port > 65535) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGPIPE); /* blocked in every thread, and never waited for by its handler */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sigdelset(&set, SIGPIPE);

    listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    addr.sin_port = htons((unsigned short)port);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(listener, 5) < 0) {
        perror("daytime_server");
        return 1;
    }
    if (pthread_create(&thread, NULL, serve, &listener) != 0)
        return 1;
    sigwait(&set, &number);
    printf("signal %d, good bye\n", number);
    exit(0);
}
