/* group: harming
 * tries: leave a daemon behind: fork twice, and a session of its own
 * outcome: failed
 * says: start another process */
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0)
            for (;;)
                pause();
        _exit(0);
    }
    return ask(port);
}
