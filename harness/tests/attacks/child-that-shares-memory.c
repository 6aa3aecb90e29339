/* group: harming
 * tries: leave a child behind by a clone() that shares its memory, as no library makes one
 * outcome: failed */
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>
static char stack[65536];
static int sleeper(void *nothing)
{
    (void)nothing;
    setsid();
    for (;;)
        pause();
}
@RIGHT@
int is_port_open(int port)
{
    clone(sleeper, stack + sizeof stack, CLONE_VM | CLONE_FILES, 0);
    return ask(port);
}
