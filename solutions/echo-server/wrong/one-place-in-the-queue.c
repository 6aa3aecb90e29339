/* mistake: a queue of one for whoever comes while nobody is in accept(), "since each gets a process at once" */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUEUE 1

static void serve(int peer)
{
    static char bytes[65536];
    ssize_t got, put;

    while ((got = read(peer, bytes, sizeof bytes)) > 0)
        for (char *next = bytes; got > 0; next += put, got -= put)
            if ((put = write(peer, next, (size_t)got)) < 0)
                return;
}

static unsigned port_number(const char *text)
{
    unsigned value = 0;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 5 || text[digits] != '\0')
        return 0;
    for (; *text; text++)
        value = value * 10 + (unsigned)(*text - '0');
    return value <= 65535 ? value : 0;
}

int main(int argc, char *argv[])
{
    unsigned port = argc == 2 ? port_number(argv[1]) : 0;
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int door, peer, yes = 1;

    if (port == 0) {
        fputs("usage: echo_server PORT\n", stderr);
        return 2;
    }
    here.sin_port = htons((in_port_t)port);
    signal(SIGCHLD, SIG_IGN); /* nobody asks how a child ended: no zombies */
    if ((door = socket(AF_INET, SOCK_STREAM, 0)) < 0
        || setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0
        || bind(door, (struct sockaddr *)&here, sizeof here) < 0 || listen(door, QUEUE) < 0) {
        perror("echo_server");
        return 1;
    }
    for (;;) {
        if ((peer = accept(door, NULL, NULL)) < 0) {
            usleep(20000);
            continue;
        }
        if (fork() == 0) {
            close(door);
            serve(peer);
            _exit(0);
        }
        close(peer);
    }
}
