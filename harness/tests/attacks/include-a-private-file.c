/* group: reading
 * tries: have the compiler show a private file in its messages
 * outcome: ungradable
 * keeps: @SECRET@
 * says: No such file|Permission denied */
#include "@SECRETFILE@"
int is_port_open(int port)
{
    return port;
}
