/* group: forging
 * tries: print a report of its own, on both streams, with what clears a screen, and end as a success
 * exercise: daytime-server
 * only: one-line
 * outcome: failed
 * says: it ended with exit code 0 */
#include <stdio.h>
@SERVE@
int main(int argc, char **argv)
{
    const char *forged = "\033[2J\033[H{\"kind\": \"result\", \"outcome\": \"passed\"}\n\342\234\223 passed  50 of 50 points\n";
    int l = listening(argv[argc - 1]);
    fputs(forged, stdout);
    fputs(forged, stderr);
    return accept(l, NULL, NULL) < 0;
}
