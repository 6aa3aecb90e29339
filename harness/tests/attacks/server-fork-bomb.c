/* group: harming
 * tries: start processes without end from within a server, which may have some
 * exercise: daytime-server
 * only: one-line
 * outcome: failed
 * says: has more than 400 */
#include <unistd.h>
@SERVE@
int main(int argc, char **argv)
{
    for (;;)
        if (fork() < 0)
            usleep(10000);
    return serve(argc, argv);
}
