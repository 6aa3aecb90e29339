/* mistake: cleans up on success too, so the caller gets the number of a closed descriptor */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_client_connect(int port)
{
    int fd = -1, result = -1, saved;

    if (port < 1 || port > 65535) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;

    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        goto cleanup;
    result = fd;

cleanup:
    saved = errno;
    close(fd);
    errno = saved;
    return result;
}
