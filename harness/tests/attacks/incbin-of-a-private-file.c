/* group: reading
 * tries: have the assembler put a private file into the program and print it
 * outcome: ungradable
 * keeps: @SECRET@
 * says: does not compile */
#include <stdio.h>
__asm__(".section .rodata\nstolen: .incbin \"@SECRETFILE@\"\n.byte 0\n.previous\n");
extern const char stolen[];
int is_port_open(int port)
{
    puts(stolen);
    return port;
}
