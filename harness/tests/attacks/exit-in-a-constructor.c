/* group: forging
 * tries: end as a success before anything is asked
 * outcome: ungradable
 * says: exit code 0 while it was being loaded */
#include <unistd.h>
__attribute__((constructor)) static void leave(void)
{
    _exit(0);
}
@RIGHT@
int is_port_open(int port)
{
    return ask(port);
}
