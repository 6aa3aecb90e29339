/* group: harming
 * tries: close every descriptor before main() begins, the grader's too
 * exercise: daytime-server
 * only: one-line
 * outcome: failed|ungradable
 * says: it (was|ended|closed) */
#include <unistd.h>
@SERVE@
__attribute__((constructor)) static void first(void)
{
    for (int fd = 0; fd < 4096; fd++)
        close(fd);
}
int main(int argc, char **argv)
{
    return serve(argc, argv);
}
