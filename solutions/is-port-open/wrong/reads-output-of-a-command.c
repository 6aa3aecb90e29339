/* mistake: runs a command through popen() and reads its output */
#include <stdio.h>

int is_port_open(int port)
{
    char command[128];
    char word[16] = "";
    FILE *p;

    if (port < 1 || port > 65535)
        return -1;
    snprintf(command, sizeof command,
             "(exec 2>/dev/null; exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/%d && echo open || echo closed')",
             port);
    p = popen(command, "r");
    if (p == NULL)
        return -1;
    if (fscanf(p, "%15s", word) != 1)
        word[0] = '\0';
    pclose(p);
    if (word[0] == 'o')
        return 1;
    return word[0] == 'c' ? 0 : -1;
}
