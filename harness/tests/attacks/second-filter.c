/* group: forging
 * tries: put on a filter of its own that makes close() do nothing
 * outcome: failed
 * says: seccomp|prctl */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    struct sock_filter rule[] = {{0x20, 0, 0, 0}, {0x15, 0, 1, SYS_close}, {6, 0, 0, 0x00050000}, {6, 0, 0, 0x7fff0000}};
    struct sock_fprog program = {4, rule};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    return ask(port);
}
