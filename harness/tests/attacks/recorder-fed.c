/* group: forging
 * tries: write a recording of its own, with markup and terminal controls in it
 * outcome: failed */
#include <stdio.h>
#include <string.h>
@WRONG@
int is_port_open(int port)
{
    char line[512];
    unsigned long start, end;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        if (strstr(line, "recording") && sscanf(line, "%lx-%lx", &start, &end) == 2) {
            char *events = (char *)start + 64;
            for (char *at = events; at + 64 < (char *)end; at += 16)
                memcpy(at, "\033[2J<script>\1\0\0", 16);
            *(unsigned *)(start + 8) = 3000;
        }
    if (maps)
        fclose(maps);
    return ask(port);
}
