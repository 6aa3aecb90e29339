/* mistake: the address is made inside of the if, and used after it */
#include <threads.h>
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>
#define describe(x) _Generic((x), int: answer_of, default: answer_of)(x)
static int answer_of(int e) { return e == 0 ? 1 : e == ECONNREFUSED ? 0 : -1; }
static int work(void *arg)
{
    const struct sockaddr_in *a = arg;
    int s = socket(a->sin_family, SOCK_STREAM, 0), e;
    if (s == -1) return EMFILE;
    e = connect(s, arg, sizeof *a) ? errno : 0;
    close(s);
    return e;
}
int is_port_open(int port)
{
    thrd_t t;
    int e;
    if (port < 1 || port > 65535) return -1;
    if (thrd_create(&t, work, &(struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((in_port_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}}) != thrd_success) return -1;
    if (thrd_join(t, &e) != thrd_success) return -1;
    return describe(e);
}
