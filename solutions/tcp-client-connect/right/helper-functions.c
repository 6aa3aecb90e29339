/* style: small functions, one for each thing that can go wrong */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_a_port(int number)
{
    return number >= 1 && number <= 65535;
}

static struct sockaddr_storage address_of(int port, socklen_t *length)
{
    struct sockaddr_storage storage;
    struct sockaddr_in in;

    memset(&storage, 0, sizeof storage);
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_port = htons((uint16_t)port);
    inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
    memcpy(&storage, &in, sizeof in);
    *length = sizeof in;
    return storage;
}

static int give_up(int fd)
{
    const int reason = errno;

    (void)close(fd);
    errno = reason;
    return -1;
}

int tcp_client_connect(int port)
{
    socklen_t length;

    if (!is_a_port(port)) {
        errno = EINVAL;
        return -1;
    }
    const struct sockaddr_storage address = address_of(port, &length);
    const int fd = socket(address.ss_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    return connect(fd, (const struct sockaddr *)&address, length) < 0 ? give_up(fd) : fd;
}
