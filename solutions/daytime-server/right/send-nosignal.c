/* style: send() with MSG_NOSIGNAL in a loop; SIGTERM ends the program in order */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;
static int listener = -1;

static void on_term(int number)
{
    (void)number;
    stopped = 1;
    shutdown(listener, SHUT_RDWR); /* accept() returns, even if it was about to be called */
}

static bool send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            return false;
        }
        data += sent;
        size -= (size_t)sent;
    }
    return true;
}

int main(int argc, char **argv)
{
    int status = EXIT_FAILURE;
    struct sigaction action;
    struct sockaddr_in addr = { 0 };
    unsigned long port;
    char *end;

    if (argc != 2 || argv[1][0] < '0' || argv[1][0] > '9')
        goto usage;
    errno = 0;
    port = strtoul(argv[1], &end, 10);
    if (errno || *end || port == 0 || port > USHRT_MAX)
        goto usage;

    if ((listener = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
        perror("socket");
        goto done;
    }
    memset(&action, 0, sizeof action);
    action.sa_handler = on_term;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);

    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    addr.sin_family = AF_INET;
    addr.sin_port = htons((in_port_t)port);
    inet_pton(AF_INET, "127.0.0.1", &addr.sin_addr);
    if (bind(listener, (const struct sockaddr *)&addr, sizeof addr) < 0 || listen(listener, 10) < 0) {
        fprintf(stderr, "%s: port %lu: %s\n", argv[0], port, strerror(errno));
        goto done;
    }
    while (!stopped) {
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        char buffer[26], line[27];
        time_t now;
        time(&now);
        ctime_r(&now, buffer);
        memcpy(line, buffer, 24);
        memcpy(line + 24, "\r\n", 2);
        (void)send_all(client, line, 26);
        close(client);
    }
    status = EXIT_SUCCESS;
done:
    if (listener >= 0)
        close(listener);
    return status;
usage:
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return 2;
}
