/* a thread and a pipe for each client; the kernel moves the bytes, and they never enter this program */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int move(int from, int to, size_t most)
{
    ssize_t n;
    do
        n = splice(from, NULL, to, NULL, most, SPLICE_F_MOVE);
    while (n < 0 && errno == EINTR);
    return (int)n;
}

static void *mirror(void *argument)
{
    int client = (int)(uintptr_t)argument, ends[2];

    if (pipe2(ends, O_CLOEXEC) == 0) {
        for (int held; (held = move(client, ends[1], 1 << 16)) > 0;)
            for (int gone; held > 0; held -= gone)
                if ((gone = move(ends[0], client, held)) <= 0)
                    goto out;
out:
        close(ends[0]);
        close(ends[1]);
    }
    close(client);
    return NULL;
}

int main(int argc, char **argv)
{
    char *end = "";
    long port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (*end || port < 1 || port > 65535)
        return fprintf(stderr, "usage: %s PORT\n", argv[0]), 2;
    signal(SIGPIPE, SIG_IGN);

    int door = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in here = { AF_INET, htons(port), { htonl(INADDR_LOOPBACK) }, { 0 } };
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 200))
        return perror(argv[1]), 1;

    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        pthread_t id;
        int client = accept4(door, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0)
            usleep(10000);
        else if (pthread_create(&id, &detached, mirror, (void *)(uintptr_t)client))
            close(client);
    }
}
