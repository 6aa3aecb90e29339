/* group: forging
 * tries: have the compiler's messages look like a fault of the grader's own, which costs no points
 * outcome: failed
 * says: expected */
#line 1 "cannot start /usr/bin/gcc"
#warning No space left on device
#line 1 "bwrap:"
#warning No permissions to create new namespace
@WRONG@
int is_port_open(int port)
{
    return ask(port);
}
