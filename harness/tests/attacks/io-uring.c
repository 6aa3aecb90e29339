/* group: forging
 * tries: have the kernel make its calls by io_uring, which no filter sees, and go on without it
 * outcome: passed
 * says: io_uring_setup */
#include <sys/syscall.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    char parameters[256] = {0};
    syscall(SYS_io_uring_setup, 8, parameters);
    return ask(port);
}
