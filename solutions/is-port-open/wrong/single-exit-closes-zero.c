/* mistake: closes descriptor 0 when socket() fails, for the variable starts as 0 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

int is_port_open(int port)
{
    int fd = 0, tmp, result = -1;
    struct sockaddr_in addr;

    if (port < 1 || port > 65535)
        return -1;
    tmp = socket(AF_INET, SOCK_STREAM, 0);
    if (tmp < 0)
        goto out;
    fd = tmp;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
        result = 1;
    else if (errno == ECONNREFUSED)
        result = 0;
out:
    close(fd);
    return result;
}
