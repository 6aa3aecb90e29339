/* a joined thread does the asking */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <threads.h>
#include <unistd.h>
static _Thread_local int mine;
struct task { int port, answer; };
static void *work(void *p)
{
    struct task *t = p;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(t->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    mine = socket(AF_INET, SOCK_STREAM, 0);
    if (mine < 0) return NULL;
    if (!connect(mine, (struct sockaddr *)&a, sizeof a)) t->answer = 1;
    else if (errno == ECONNREFUSED) t->answer = 0;
    close(mine);
    return NULL;
}
static int also(void *p) { thrd_yield(); return p != NULL; }
int is_port_open(int port)
{
    struct task t = {port, -1};
    pthread_t id; thrd_t second; int r;
    if (port < 1 || port > 65535) return -1;
    if (pthread_create(&id, NULL, work, &t)) return -1;
    if (thrd_create(&second, also, &t) == thrd_success) thrd_join(second, &r);
    pthread_join(id, NULL);
    return t.answer;
}
