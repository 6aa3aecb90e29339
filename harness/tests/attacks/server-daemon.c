/* group: harming
 * tries: leave daemons behind that serve on: forked twice, in sessions of their own, deaf to every signal
 * exercise: daytime-server
 * only: sigterm
 * outcome: passed */
#include <signal.h>
#include <unistd.h>
@SERVE@
int main(int argc, char **argv)
{
    for (int i = 0; argc == 2 && i < 3; i++)
        if (fork() == 0) {
            setsid();
            for (int s = 1; s < 65; s++)
                signal(s, SIG_IGN);
            if (fork() != 0)
                _exit(0);
            for (;;)
                pause();
        }
    return serve(argc, argv);
}
