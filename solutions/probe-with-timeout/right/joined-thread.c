/* a thread connects and blocks; shutdown() ends its connect() when the time is over, and it is waited for */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct attempt {
    pthread_mutex_t lock;
    pthread_cond_t done;
    struct sockaddr_in to;
    int fd;
    int error;
};

static void *attempt(void *argument)
{
    struct attempt *a = argument;
    int error = connect(a->fd, (struct sockaddr *)&a->to, sizeof a->to) < 0 ? errno : 0;

    pthread_mutex_lock(&a->lock);
    a->error = error;
    pthread_cond_signal(&a->done);
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

static struct timespec in(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000L;
    if (t.tv_nsec > 999999999L) {
        t.tv_nsec -= 1000000000L;
        t.tv_sec++;
    }
    return t;
}

int probe_port(int port, int timeout_ms)
{
    struct timespec end = in(timeout_ms > 0 ? timeout_ms : 0);
    struct attempt a = {
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
        .error = EINPROGRESS,
    };
    pthread_t thread;
    sigset_t all, before;
    int error;

    if (port < 1 || port > 65535)
        return -2;
    if ((a.fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return -2;
    pthread_cond_init(&a.done, NULL);
    sigfillset(&all); /* signals are for the caller's threads */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, NULL, attempt, &a);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        close(a.fd);
        return -2;
    }

    pthread_mutex_lock(&a.lock);
    while (a.error == EINPROGRESS && pthread_cond_clockwait(&a.done, &a.lock, CLOCK_MONOTONIC, &end) != ETIMEDOUT)
        ;
    error = a.error;
    pthread_mutex_unlock(&a.lock);
    if (error != EINPROGRESS)
        pthread_join(thread, NULL);
    else
        while (pthread_tryjoin_np(thread, NULL) == EBUSY) { /* it may not even have come to its connect() */
            shutdown(a.fd, SHUT_RDWR);
            usleep(500);
        }
    pthread_cond_destroy(&a.done);
    close(a.fd);

    switch (error) {
    case 0: return 0;
    case ECONNREFUSED: return -1;
    case EINPROGRESS: return 1;
    }
    return -2;
}
