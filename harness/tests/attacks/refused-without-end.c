/* group: harming
 * tries: keep the grader busy with what it must refuse
 * outcome: failed
 * says: did not return */
#include <signal.h>
int is_port_open(int port)
{
    for (;;)
        kill(1, port & 0);
}
