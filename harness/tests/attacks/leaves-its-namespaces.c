/* group: harming
 * tries: get new rights by namespaces of its own, and mount over what is there
 * outcome: failed
 * says: unshare|mount */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET);
    mount("none", "/tmp", "tmpfs", 0, 0);
    chroot("/tmp");
    syscall(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0, 0);
    return ask(port);
}
