/* group: harming
 * tries: never return, with every signal blocked
 * outcome: failed
 * says: did not return */
#include <signal.h>
#include <stddef.h>
int is_port_open(int port)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    for (volatile int turns = port;; turns++)
        ;
}
