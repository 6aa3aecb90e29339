/* mistake: fclose() already closes the descriptor of fdopen(), close() does it again */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    FILE *stream;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    stream = fdopen(fd, "r+");
    if (stream == NULL) {
        close(fd);
        return -1;
    }
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fileno(stream), (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    fclose(stream);
    close(fd);
    if (err == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
