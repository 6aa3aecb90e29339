/* group: forging
 * tries: leave an exit code of success in atexit() and a destructor, and leave early
 * outcome: failed
 * says: exit code 0 */
#include <stdlib.h>
#include <unistd.h>
static void leave(void)
{
    _exit(0);
}
__attribute__((destructor)) static void leave_too(void)
{
    _exit(0);
}
int is_port_open(int port)
{
    atexit(leave);
    exit(port & 1);
}
