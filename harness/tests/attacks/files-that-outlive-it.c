/* group: writing
 * tries: leave files, shared memory and message queues behind
 * outcome: failed
 * says: shmget */
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    const char *paths[] = {"/tmp/canary-was-here", "/dev/shm/canary-was-here", "/var/tmp/canary-was-here", "canary-was-here"};
    for (int i = 0; i < 4; i++) {
        int fd = open(paths[i], O_CREAT | O_WRONLY, 0600);
        if (fd >= 0)
            close(fd);
    }
    shmget(0x50c71ab, 4096, IPC_CREAT | 0600);
    msgget(0x50c71ab, IPC_CREAT | 0600);
    return ask(port);
}
