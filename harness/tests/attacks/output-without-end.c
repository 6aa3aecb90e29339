/* group: harming
 * tries: print without end
 * outcome: failed
 * says: did not return */
#include <stdio.h>
int is_port_open(int port)
{
    for (;;)
        printf("%d is a port, and this line is printed until somebody stops it\n", port);
}
