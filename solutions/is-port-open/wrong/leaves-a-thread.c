/* mistake: a watchdog thread is started and left running */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static void *watchdog(void *unused)
{
    sleep(30);
    return unused;
}

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    pthread_t id;
    int fd, err = 0;

    if (port < 1 || port > 65535)
        return -1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (pthread_create(&id, NULL, watchdog, NULL) == 0)
        pthread_detach(id);
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}
