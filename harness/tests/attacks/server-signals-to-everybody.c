/* group: harming
 * tries: end every process that it can see, as a server, which may send signals to its own
 * exercise: daytime-server
 * only: one-line
 * outcome: passed
 * refused: send a signal to process @PID@.*send a signal to other processes */
#include <signal.h>
#include <unistd.h>
@SERVE@
int main(int argc, char **argv)
{
    kill(@PID@, SIGKILL);
    kill(getppid(), SIGSTOP);
    kill(-1, SIGKILL);
    for (pid_t pid = 2; pid < 200; pid++)
        if (pid != getpid())
            kill(pid, SIGSTOP);
    kill(-@PID@, SIGKILL);
    return serve(argc, argv);
}
