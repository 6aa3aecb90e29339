/* style: epoll over the listener and a signalfd */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CHECK(call)                        \
    do {                                   \
        if ((call) == -1) {                \
            perror(#call);                 \
            exit(1);                       \
        }                                  \
    } while (0)

static void watch(int epoll, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static void tell_time(int client)
{
    char text[26];
    struct tm parts;
    time_t now = time(NULL);

    asctime_r(localtime_r(&now, &parts), text);
    text[24] = '\r'; /* over ctime's newline */
    text[25] = '\n'; /* over its NUL: from here on it is no string */
    if (send(client, text, sizeof text, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
        perror("send");
    close(client);
}

int main(int argc, char **argv)
{
    char *rest = NULL;
    long port = argc == 2 ? strtol(argv[1], &rest, 10) : 0;
    if (rest == NULL || *rest != '\0' || port <= 0 || port >= 65536) {
        fprintf(stderr, "usage: daytime_server PORT\n");
        return 2;
    }

    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    CHECK(sigprocmask(SIG_BLOCK, &mask, NULL));
    int signals, listener, epoll;
    CHECK(signals = signalfd(-1, &mask, SFD_CLOEXEC));
    CHECK(listener = socket(AF_INET, SOCK_STREAM, 0));
    CHECK(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)));
    union {
        struct sockaddr any;
        struct sockaddr_in in;
    } address = { .in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) } };
    address.in.sin_addr.s_addr = htonl(0x7f000001);
    CHECK(bind(listener, &address.any, sizeof address.in));
    CHECK(listen(listener, 50));
    CHECK(epoll = epoll_create1(EPOLL_CLOEXEC));
    watch(epoll, listener);
    watch(epoll, signals);

    for (;;) {
        struct epoll_event happened;
        int count = epoll_wait(epoll, &happened, 1, -1);
        if (count < 0 && errno != EINTR)
            return 1;
        if (count < 1)
            continue;
        if (happened.data.fd == signals)
            return 0;
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            tell_time(client);
    }
}
