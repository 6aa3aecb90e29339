/* group: harming
 * tries: call itself without end
 * outcome: failed
 * says: SIGSEGV|did not return */
int is_port_open(int port)
{
    volatile char room[4096];
    room[0] = (char)port;
    return is_port_open(port + 1) + room[0];
}
