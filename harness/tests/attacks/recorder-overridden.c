/* group: forging
 * tries: define connect() and close() itself, so that nothing is recorded and every answer is 1
 * outcome: failed
 * says: listener saw none|none */
#include <sys/socket.h>
int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    (void)fd, (void)address, (void)length;
    return 0;
}
int close(int fd)
{
    (void)fd;
    return 0;
}
@WRONG@
int is_port_open(int port)
{
    return ask(port);
}
