/* mistake: asks ::1 as well when 127.0.0.1 refuses */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int attempt(const void *addr, socklen_t len)
{
    const struct sockaddr *sa = addr;
    int fd = socket(sa->sa_family, SOCK_STREAM, 0);
    int err = 0;

    if (fd < 0)
        return -1;
    if (connect(fd, sa, len) < 0)
        err = errno;
    close(fd);
    return err == 0 ? 1 : err == ECONNREFUSED ? 0 : -1;
}

int is_port_open(int port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    int answer;

    if (port < 1 || port > 65535)
        return -1;
    v4.sin_port = v6.sin6_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;

    answer = attempt(&v4, sizeof v4);
    if (answer == 0 && attempt(&v6, sizeof v6) == 1)
        answer = 1;
    return answer;
}
