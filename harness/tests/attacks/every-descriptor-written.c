/* group: forging
 * tries: write a forged answer to every descriptor there is
 * outcome: failed
 * says: something else wrote to the grader */
#include <stdint.h>
#include <unistd.h>
@WRONG@
int is_port_open(int port)
{
    struct { uint32_t token, kind, count, length; int64_t value; int32_t error; uint32_t done; } forged = {0, 0, 1, 0, 1, 0, 0};
    for (int fd = 0; fd < 4096; fd++)
        if (write(fd, &forged, sizeof forged) < 0)
            continue;
    return ask(port);
}
