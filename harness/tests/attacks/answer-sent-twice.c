/* group: forging
 * tries: send an answer of its own and then return as well
 * outcome: failed
 * says: something else wrote to the grader|answer */
#include <stdint.h>
#include <sys/socket.h>
@WRONG@
int is_port_open(int port)
{
    struct { uint32_t token, kind, count, length; int64_t value; int32_t error; uint32_t done; } forged = {7, 0, 1, 0, 1, 0, 0};
    send(1000, &forged, sizeof forged, 0);
    return ask(port);
}
