/* group: harming
 * tries: stop itself and its process group, so that whoever ends it waits for ever
 * exercise: daytime-server
 * only: listens
 * outcome: passed */
#include <signal.h>
#include <unistd.h>
@SERVE@
int main(int argc, char **argv)
{
    (void)argc;
    int l = listening(argv[1]);
    if (fork() == 0)
        for (;;)
            kill(0, SIGSTOP);
    kill(0, SIGSTOP);
    raise(SIGSTOP);
    return accept(l, NULL, NULL);
}
