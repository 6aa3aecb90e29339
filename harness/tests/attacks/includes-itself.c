/* group: harming
 * tries: have the compiler include it in itself without end
 * outcome: ungradable
 * says: does not compile */
#include __FILE__
int is_port_open(int port)
{
    return port;
}
