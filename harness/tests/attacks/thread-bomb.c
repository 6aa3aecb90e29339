/* group: harming
 * tries: start threads without end
 * outcome: failed */
#include <pthread.h>
#include <unistd.h>
static void *sleeper(void *nothing)
{
    for (;;)
        pause();
    return nothing;
}
@RIGHT@
int is_port_open(int port)
{
    pthread_t thread;
    for (int i = 0; i < 100000; i++)
        if (pthread_create(&thread, NULL, sleeper, NULL) != 0)
            break;
    return ask(port);
}
