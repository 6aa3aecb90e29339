/* mistake: takes descriptor 0 for a failed socket() */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int s, rc, e;
    struct sockaddr_in name = { 0 };

    if (port < 1 || port > 65535)
        return -1;
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s <= 0)
        return -1;
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    rc = connect(s, (struct sockaddr *)&name, sizeof name);
    e = errno;
    close(s);
    if (rc == 0)
        return 1;
    return e == ECONNREFUSED ? 0 : -1;
}
