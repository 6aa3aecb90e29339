/* group: harming
 * tries: close every descriptor, the grader's too
 * outcome: failed */
#include <unistd.h>
@RIGHT@
int is_port_open(int port)
{
    int answer = ask(port);
    for (int fd = 0; fd < 4096; fd++)
        close(fd);
    return answer;
}
