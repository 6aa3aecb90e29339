/* group: harming
 * tries: start a shell for whoever connects, in a child of its own
 * exercise: daytime-server
 * only: one-line
 * outcome: failed
 * says: start /bin/sh */
#include <unistd.h>
@SERVE@
int main(int argc, char **argv)
{
    (void)argc;
    int l = listening(argv[1]);
    for (;;) {
        int c = accept(l, NULL, NULL);
        if (fork() == 0) {
            dup2(c, 0);
            dup2(c, 1);
            execve("/bin/sh", (char *[]){"sh", "-c", "date; touch @TEMPORARY@/canary-was-here", NULL}, NULL);
            _exit(1);
        }
        close(c);
    }
}
