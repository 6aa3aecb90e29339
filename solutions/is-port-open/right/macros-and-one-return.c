/* style: macros and a single return */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT_MIN 1
#define PORT_MAX 65535
#define IN_RANGE(p) ((p) >= PORT_MIN && (p) <= PORT_MAX)
#define ADDRESS(p) \
    (struct sockaddr *)&(struct sockaddr_in){ \
        .sin_family = AF_INET, \
        .sin_port = htons(p), \
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, \
    (socklen_t)sizeof(struct sockaddr_in)

int is_port_open(int port)
{
    int result = -1;

    if (IN_RANGE(port)) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd >= 0) {
            if (connect(fd, ADDRESS(port)) == 0) {
                result = 1;
            } else {
                if (errno == ECONNREFUSED) {
                    result = 0;
                }
            }
            close(fd);
        }
    }

    return result;
}
