/* a process for each client; the kernel buries them (SIGCHLD ignored) and takes them along when the parent dies */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static _Noreturn void serve(int fd, pid_t parent)
{
    static char buf[65536];
    ssize_t n;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it died before we had asked */
    while ((n = recv(fd, buf, sizeof buf, 0)) > 0) {
        char *p = buf;
        while (n > 0) {
            ssize_t w = send(fd, p, (size_t)n, MSG_NOSIGNAL);
            if (w < 0)
                _exit(1);
            p += w;
            n -= w;
        }
    }
    _exit(n < 0);
}

int main(int argc, char *argv[])
{
    unsigned port = 0;
    if (argc == 2 && argv[1][0]) {
        for (const char *c = argv[1]; *c; c++) {
            if (*c < '0' || *c > '9' || (port = port * 10 + (unsigned)(*c - '0')) > USHRT_MAX) {
                port = 0;
                break;
            }
        }
    }
    if (!port)
        errx(2, "usage: echo_server PORT (1..65535)");

    signal(SIGCHLD, SIG_IGN);
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s == -1)
        err(1, "socket");
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((in_port_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (bind(s, (struct sockaddr *)&a, sizeof a) == -1)
        err(1, "port %u", port);
    if (listen(s, 128) == -1)
        err(1, "listen");

    pid_t me = getpid();
    for (;;) {
        int c = accept(s, NULL, NULL);
        if (c == -1) {
            if (errno == EMFILE || errno == ENFILE)
                usleep(20000);
            continue;
        }
        if (fork() == 0) {
            close(s);
            serve(c, me);
        }
        close(c);
    }
}
