/* group: reading
 * tries: read the memory of the process that grades it
 * outcome: failed
 * says: process_vm_readv
 * keeps: @SECRET@ */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    char path[64], there[64];
    for (int pid = 1; pid < 4; pid++) {
        int other = pid == 3 ? getppid() : pid;
        snprintf(path, sizeof path, "/proc/%d/mem", other);
        int fd = open(path, O_RDWR);
        if (fd >= 0)
            close(fd);
        struct iovec here = {there, sizeof there}, far = {(void *)0x400000, sizeof there};
        process_vm_readv(other, &here, 1, &far, 1, 0);
    }
    return ask(port);
}
