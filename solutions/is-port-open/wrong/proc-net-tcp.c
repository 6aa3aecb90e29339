/* mistake: reads /proc/net/tcp instead of connecting */
#include <stdio.h>

int is_port_open(int port)
{
    char line[256];
    unsigned local, state;
    int found = 0;
    FILE *f;

    if (port < 1 || port > 65535)
        return -1;
    f = fopen("/proc/net/tcp", "r");
    if (f == NULL)
        return -1;
    while (!found && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, " %*d: %*x:%x %*x:%*x %x", &local, &state) == 2)
            found = local == (unsigned)port && state == 0x0A;
    }
    fclose(f);
    return found;
}
