/* mistake: lets a shell do the work */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

int is_port_open(int port)
{
    char command[128];
    int status;

    if (port < 1 || port > 65535)
        return -1;
    snprintf(command, sizeof command,
             "bash -c ': < /dev/tcp/127.0.0.1/%d' 2>/dev/null", port);
    status = system(command);
    if (status == -1 || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status) == 0;
}
