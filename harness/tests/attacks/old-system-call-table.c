/* group: forging
 * tries: start a shell by the 32-bit way into the kernel, past a filter of the 64-bit one
 * outcome: passed
 * says: 
 * note: the kernel answers ENOSYS and nothing happens: the rest of it is right */
@RIGHT@
int is_port_open(int port)
{
#if defined __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(2L) : "memory"); /* fork */
    if (result == 0)
        for (;;)
            ;
#endif
    return ask(port);
}
