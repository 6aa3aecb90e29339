/* logs to /dev/stderr opened by name */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int answer = -1, fd;
    if (port < 1 || port > 65535) return -1;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1) return -1;
    if (!connect(fd, (struct sockaddr *)&a, sizeof a)) answer = 1;
    else if (errno == ECONNREFUSED) answer = 0;
    close(fd);
    FILE *log = fopen("/dev/stderr", "w");
    fprintf(log, "port %d: %d\n", port, answer);
    fclose(log);
    return answer;
}
