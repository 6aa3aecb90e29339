/* mistake: writes ECONNREFUSED as the number 61, which is right on BSD and not on Linux */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTION_REFUSED 61

int is_port_open(int port)
{
    struct sockaddr_in to = { 0 };
    int s, e = 0;

    if (port < 1 || port > 65535)
        return -1;
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1)
        return -1;
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (connect(s, (struct sockaddr *)&to, sizeof to) == -1)
        e = errno;
    close(s);
    if (e == 0)
        return 1;
    if (e == CONNECTION_REFUSED)
        return 0;
    return -1;
}
