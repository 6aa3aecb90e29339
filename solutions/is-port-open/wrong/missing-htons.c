/* mistake: the port is not in network byte order */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    int sockfd, rc, err;
    struct sockaddr_in serv_addr;

    if (port < 1 || port > 65535)
        return -1;
    sockfd = socket(AF_INET, SOCK_STREAM, 0);
    if (sockfd < 0)
        return -1;
    memset(&serv_addr, 0, sizeof(serv_addr));
    serv_addr.sin_family = AF_INET;
    serv_addr.sin_port = port;
    serv_addr.sin_addr.s_addr = inet_addr("127.0.0.1");
    rc = connect(sockfd, (struct sockaddr *)&serv_addr, sizeof(serv_addr));
    err = errno;
    close(sockfd);
    if (rc == 0)
        return 1;
    return err == ECONNREFUSED ? 0 : -1;
}
