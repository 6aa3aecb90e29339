/* group: harming
 * tries: stop itself, so that whoever waits waits for ever
 * outcome: failed
 * says: did not return */
#include <signal.h>
int is_port_open(int port)
{
    raise(SIGSTOP);
    return port & 0;
}
