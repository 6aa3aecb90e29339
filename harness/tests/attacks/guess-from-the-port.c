/* group: forging
 * tries: guess from the number alone
 * outcome: failed
 * says: listener saw none */
int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    return port % 3 == 0 ? 0 : port % 7 == 0 ? -1 : 1;
}
