/* style: a thread connects and is joined; errno is each thread's own, so it is carried over */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

struct job {
    int port, fd, error;
};

static void *work(void *argument)
{
    struct job *job = argument;
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(job->port) };

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    job->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (job->fd < 0) {
        job->error = errno;
    } else if (connect(job->fd, (struct sockaddr *)&to, sizeof to) < 0) {
        job->error = errno;
        close(job->fd);
        job->fd = -1;
    }
    return NULL;
}

int tcp_client_connect(int port)
{
    struct job job = { port, -1, EINVAL };
    pthread_t thread;

    if (port > 0 && port < 65536) {
        int error = pthread_create(&thread, NULL, work, &job);
        if (!error)
            pthread_join(thread, NULL);
        else
            job.error = error;
    }
    if (job.fd < 0)
        errno = job.error;
    return job.fd;
}
