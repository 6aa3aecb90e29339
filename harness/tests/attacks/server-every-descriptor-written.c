/* group: forging
 * tries: write forged answers to every descriptor there is, before it serves, with a wrong line
 * exercise: daytime-server
 * only: one-line
 * outcome: failed
 * says: a line of 26 bytes */
#include <stdint.h>
@SERVE@
int main(int argc, char **argv)
{
    struct { uint32_t token, kind, count, length; int64_t value; int32_t error; uint32_t done; } forged = {0, 0, 1, 0, 1, 0, 0};
    int l = listening(argv[argc - 1]);
    for (int fd = 0; fd < 4096; fd++)
        if (fd != l && write(fd, &forged, sizeof forged) < 0)
            continue;
    for (;;) {
        int c = accept(l, NULL, NULL);
        if (write(c, "passed\r\n", 8) < 0)
            continue;
        close(c);
    }
}
