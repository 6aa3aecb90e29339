/* style: dprintf() straight onto the descriptor, err() for everything that fails */
#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static unsigned parse_port(const char *text)
{
    unsigned port = 0;

    if (!*text || strlen(text) > 5)
        return 0;
    for (; *text; text++) {
        if (!isdigit((unsigned char)*text))
            return 0;
        port = port * 10 + (unsigned)(*text - '0');
    }
    return port <= 65535 ? port : 0;
}

int main(int argc, char **argv)
{
    unsigned port = argc == 2 ? parse_port(argv[1]) : 0;
    if (!port)
        errx(2, "usage: daytime_server PORT");

    struct sigaction ignore = { .sa_handler = SIG_IGN };
    if (sigaction(SIGPIPE, &ignore, NULL) < 0)
        err(1, "sigaction");

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0)
        err(1, "socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0)
        err(1, "SO_REUSEADDR");
    struct sockaddr_in here = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = inet_addr("127.0.0.1"),
    };
    if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0)
        err(1, "port %u", port);
    if (listen(fd, SOMAXCONN) < 0)
        err(1, "listen");

    while (1) {
        int c = accept(fd, NULL, NULL);
        if (c < 0) {
            warn("accept");
            continue;
        }
        dprintf(c, "%.24s\r\n", ctime(&(time_t){ time(NULL) }));
        close(c);
    }
}
