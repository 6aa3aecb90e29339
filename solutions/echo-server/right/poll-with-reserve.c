/* poll(), tables that grow, and a descriptor in reserve: who comes when all others are taken is let in and shown out */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct ring { unsigned char *bytes; unsigned start, used; int ended; };
enum { SIZE = 64 * 1024 };

static struct pollfd *watched;
static struct ring *rings;
static unsigned count, room;
static int reserve;

static void add(int fd, short events)
{
    if (count == room) {
        room = room ? room * 2 : 16;
        watched = realloc(watched, room * sizeof *watched);
        rings = realloc(rings, room * sizeof *rings);
        if (!watched || !rings) {
            perror("realloc");
            exit(1);
        }
    }
    watched[count] = (struct pollfd){ .fd = fd, .events = events };
    rings[count] = (struct ring){ 0 };
    count++;
}

static void forget(unsigned i)
{
    close(watched[i].fd);
    free(rings[i].bytes);
    count--;
    watched[i] = watched[count];
    rings[i] = rings[count];
}

static void meet(int listener)
{
    int fd = accept(listener, NULL, NULL);
    if (fd >= 0) {
        fcntl(fd, F_SETFL, O_NONBLOCK);
        add(fd, POLLIN);
    } else if (errno == EMFILE || errno == ENFILE) {
        close(reserve);
        fd = accept(listener, NULL, NULL);
        if (fd >= 0)
            close(fd);
        reserve = open("/dev/null", O_RDONLY);
    }
}

/* Move what can be moved; 0 when the client is done with. */
static int serve(struct pollfd *p, struct ring *r)
{
    if (!r->bytes && !(r->bytes = malloc(SIZE)))
        return 0;
    if (p->revents & (POLLIN | POLLHUP | POLLERR) && !r->ended && r->used < SIZE) {
        unsigned at = (r->start + r->used) % SIZE;
        unsigned free_here = at < r->start ? r->start - at : SIZE - at;
        ssize_t n = read(p->fd, r->bytes + at, free_here);
        if (n == 0)
            r->ended = 1;
        else if (n > 0)
            r->used += (unsigned)n;
        else if (errno != EAGAIN && errno != EINTR)
            return 0;
    }
    if (r->used) {
        unsigned here = r->used < SIZE - r->start ? r->used : SIZE - r->start;
        ssize_t n = send(p->fd, r->bytes + r->start, here, MSG_NOSIGNAL);
        if (n > 0) {
            r->start = (r->start + (unsigned)n) % SIZE;
            r->used -= (unsigned)n;
        } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
            return 0;
        }
    }
    if (r->ended && !r->used)
        return 0;
    p->events = (r->used ? POLLOUT : 0) | (!r->ended && r->used < SIZE ? POLLIN : 0);
    return 1;
}

int main(int argc, char **argv)
{
    long port = 0;
    char junk;
    if (argc != 2 || sscanf(argv[1], "%9ld%c", &port, &junk) != 1 || port < 1 || port > 0xFFFF) {
        fprintf(stderr, "usage: echo_server PORT\n");
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr("127.0.0.1") };
    int on = 1;
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(listener, (struct sockaddr *)&sin, sizeof sin) || listen(listener, 10)) {
        fprintf(stderr, "port %ld: %s\n", port, strerror(errno));
        return 1;
    }
    fcntl(listener, F_SETFL, O_NONBLOCK);
    reserve = open("/dev/null", O_RDONLY);
    add(listener, POLLIN);
    for (;;) {
        if (poll(watched, count, -1) < 0)
            continue;
        for (unsigned i = count; i-- > 1;)
            if (watched[i].revents && !serve(&watched[i], &rings[i]))
                forget(i);
        if (watched[0].revents)
            meet(listener);
    }
}
