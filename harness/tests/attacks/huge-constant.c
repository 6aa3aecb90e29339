/* group: harming
 * tries: have the compiler write a program of a gigabyte
 * outcome: ungradable
 * says: does not compile */
static int huge[1 << 28] = {[(1 << 28) - 1] = 1};
int is_port_open(int port)
{
    return huge[port];
}
