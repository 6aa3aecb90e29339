/* an IPv6 socket and the address ::ffff:127.0.0.1 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
int is_port_open(int port)
{
    struct sockaddr_in6 a = {.sin6_family = AF_INET6};
    int answer = -1, fd;
    if (port < 1 || port > 65535) return -1;
    a.sin6_port = htons(port);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &a.sin6_addr);
    if ((fd = socket(AF_INET6, SOCK_STREAM, 0)) == -1) return -1;
    if (!connect(fd, (struct sockaddr *)&a, sizeof a)) answer = 1;
    else if (errno == ECONNREFUSED) answer = 0;
    close(fd);
    return answer;
}
