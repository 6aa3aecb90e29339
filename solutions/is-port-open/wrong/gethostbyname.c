/* mistake: asks the resolver for the name localhost, though only the number was allowed */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct hostent *host;
    struct sockaddr_in a = { 0 };
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    host = gethostbyname("localhost");
    if (host == NULL || host->h_addrtype != AF_INET)
        return -1;
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    memcpy(&a.sin_addr, host->h_addr_list[0], sizeof a.sin_addr);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
