// mistake: on the way out after a refusal the lock stays locked
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int is_port_open(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    pthread_mutex_lock(&lock);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        pthread_mutex_unlock(&lock);
        return -1;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == -1) {
        int error = errno;
        close(fd);
        if (error == ECONNREFUSED)
            return 0;
        pthread_mutex_unlock(&lock);
        return -1;
    }
    close(fd);
    pthread_mutex_unlock(&lock);
    return 1;
}
