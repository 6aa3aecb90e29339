/* dup() and fdopen(), closed by fclose() */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
/* never work on 0, 1 or 2: move the descriptor up, as shells do */
static int moved_up(int fd)
{
    if (fd > 2) return fd;
    int higher = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    int e = errno;
    close(fd);
    errno = e;
    return higher;
}
int is_port_open(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int answer = -1, fd, copy;
    if (port < 1 || port > 65535) return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) return -1;
    if ((fd = moved_up(fd)) == -1) return -1;
    copy = dup(fd);
    if (copy == -1) { close(fd); return -1; }
    if (!connect(copy, (struct sockaddr *)&a, sizeof a)) answer = 1;
    else if (errno == ECONNREFUSED) answer = 0;
    close(copy);
    FILE *f = fdopen(fd, "r+");
    if (f) fclose(f); else close(fd);
    return answer;
}
