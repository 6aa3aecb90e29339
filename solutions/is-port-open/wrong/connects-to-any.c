/* mistake: connects to 0.0.0.0, the address servers bind to */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in addr;
    int fd, ret = -1;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(port);
    addr.sin_addr.s_addr = INADDR_ANY;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
        ret = 1;
    else if (errno == ECONNREFUSED)
        ret = 0;
    close(fd);
    return ret;
}
