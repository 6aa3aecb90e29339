/* group: harming
 * tries: have the compiler read without end
 * outcome: ungradable
 * says: does not compile */
#include "/dev/zero"
int is_port_open(int port)
{
    return port;
}
