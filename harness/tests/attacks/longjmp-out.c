/* group: forging
 * tries: jump out of the call to where it was loaded, past whoever waits for the answer
 * outcome: failed */
#include <setjmp.h>
static jmp_buf start;
__attribute__((constructor)) static void mark(void)
{
    if (setjmp(start) != 0)
        for (;;)
            ;
}
int is_port_open(int port)
{
    longjmp(start, port);
}
