/* two threads for each client, one that reads and one that writes, with a queue between them */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 65536u

struct client {
    int fd, users;
    bool ended, broken;
    size_t first, held;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char bytes[ROOM];
};

static void leave(struct client *c)
{
    pthread_mutex_lock(&c->lock);
    int left = --c->users;
    pthread_mutex_unlock(&c->lock);
    if (left > 0)
        return;
    close(c->fd);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->changed);
    free(c);
}

static void *reader(void *arg)
{
    struct client *c = arg;
    char piece[8192];
    ssize_t n;

    while ((n = recv(c->fd, piece, sizeof piece, 0)) > 0) {
        pthread_mutex_lock(&c->lock);
        while (c->held + n > ROOM && !c->broken)
            pthread_cond_wait(&c->changed, &c->lock);
        bool broken = c->broken;
        for (ssize_t i = 0; i < n && !broken; i++)
            c->bytes[(c->first + c->held++) % ROOM] = piece[i];
        pthread_cond_broadcast(&c->changed);
        pthread_mutex_unlock(&c->lock);
        if (broken)
            break;
    }
    pthread_mutex_lock(&c->lock);
    c->ended = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    leave(c);
    return NULL;
}

static void *writer(void *arg)
{
    struct client *c = arg;
    char piece[8192];

    for (;;) {
        pthread_mutex_lock(&c->lock);
        while (c->held == 0 && !c->ended)
            pthread_cond_wait(&c->changed, &c->lock);
        size_t n = c->held < sizeof piece ? c->held : sizeof piece;
        for (size_t i = 0; i < n; i++)
            piece[i] = c->bytes[(c->first + i) % ROOM];
        c->first = (c->first + n) % ROOM;
        c->held -= n;
        pthread_cond_broadcast(&c->changed);
        pthread_mutex_unlock(&c->lock);
        if (n == 0)
            break;
        for (size_t done = 0; done < n;) {
            ssize_t sent = send(c->fd, piece + done, n - done, MSG_NOSIGNAL);
            if (sent < 0) {
                pthread_mutex_lock(&c->lock);
                c->broken = true;
                pthread_cond_broadcast(&c->changed);
                pthread_mutex_unlock(&c->lock);
                shutdown(c->fd, SHUT_RDWR);
                leave(c);
                return NULL;
            }
            done += sent;
        }
    }
    leave(c);
    return NULL;
}

static void meet(int fd)
{
    struct client *c = calloc(1, sizeof *c);
    pthread_t thread;
    if (!c) {
        close(fd);
        return;
    }
    c->fd = fd;
    c->users = 1;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    c->users = 3; /* the two threads, and this function */
    void *(*part[])(void *) = { reader, writer };
    for (int i = 0; i < 2; i++) {
        if (pthread_create(&thread, NULL, part[i], c) == 0) {
            pthread_detach(thread);
            continue;
        }
        shutdown(fd, SHUT_RDWR);
        pthread_mutex_lock(&c->lock);
        c->ended = c->broken = true;
        pthread_cond_broadcast(&c->changed);
        pthread_mutex_unlock(&c->lock);
        leave(c);
    }
    leave(c);
}

int main(int argc, char *argv[])
{
    char *end = NULL;
    long port = argc == 2 ? strtol(argv[1], &end, 10) : 0;
    if (port < 1 || port > 65535 || *end != '\0') {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return EXIT_FAILURE + 1;
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((in_port_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 64) != 0) {
        fprintf(stderr, "%s: port %ld: %s\n", argv[0], port, strerror(errno));
        return EXIT_FAILURE;
    }
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0)
            meet(fd);
        else
            usleep(50000);
    }
}
