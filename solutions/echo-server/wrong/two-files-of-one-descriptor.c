/* mistake: fdopen() twice on one descriptor, and fclose() for each: the second one closes what another thread may have got */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int port_of(int argc, char **argv)
{
    char *end = NULL;
    long value;
    if (argc == 2 && argv[1][0] >= '0' && argv[1][0] <= '9') {
        errno = 0;
        value = strtol(argv[1], &end, 10);
        if (*end == '\0' && errno == 0 && value >= 1 && value <= 65535)
            return (int)value;
    }
    fprintf(stderr, "usage: echo_server PORT\n");
    exit(2);
}

static int listen_on(int port)
{
    struct sockaddr_in sa;
    int on = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    memset(&sa, 0, sizeof sa);
    sa.sin_family = AF_INET;
    sa.sin_port = htons((uint16_t)port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(s, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(s, SOMAXCONN) < 0) {
        perror("echo_server");
        exit(1);
    }
    return s;
}

static int send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        data += n;
        size -= (size_t)n;
    }
    return 0;
}

static void *talk(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char buf[8192];
    FILE *in = fdopen(fd, "r"), *out = fdopen(fd, "w");
    if (!in || !out) {
        close(fd);
        return NULL;
    }
    for (;;) {
        ssize_t n = recv(fd, buf, sizeof buf, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || send_all(fd, buf, (size_t)n) < 0)
            break;
    }
    fclose(in);
    fclose(out);
    return NULL;
}

int main(int argc, char **argv)
{
    int s = listen_on(port_of(argc, argv));
    for (;;) {
        int fd = accept(s, NULL, NULL);
        if (fd < 0) {
            if (errno != EINTR && errno != ECONNABORTED)
                usleep(100000);
            continue;
        }
        pthread_t t;
        if (pthread_create(&t, NULL, talk, (void *)(intptr_t)fd) != 0)
            close(fd);
        else
            pthread_detach(t);
    }
}
