/* prints a megabyte */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    static int told;
    struct sockaddr_in a = {.sin_family = AF_INET};
    int answer = -1, fd;
    if (!told++) for (int i = 0; i < 20000; i++) printf("debug %d: %s\n", i, "about to look at the port, in great detail");
    if (port < 1 || port > 65535) { fprintf(stderr, "bad port %d\n", port); return -1; }
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) { perror("socket"); return -1; }
    int rc = connect(fd, (struct sockaddr *)&a, sizeof a), e = errno;
    errno = e; perror("connect");
    if (!rc) answer = 1;
    else if (e == ECONNREFUSED) answer = 0;
    if (close(fd)) perror("close");
    fflush(stdout);
    return answer;
}
