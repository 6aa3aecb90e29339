/* style: protocol number from getprotobyname */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct protoent *tcp;
    struct sockaddr_in server;
    int sd, err = 0;

    if (port < 1 || port > 65535)
        return -1;

    tcp = getprotobyname("tcp");
    sd = socket(PF_INET, SOCK_STREAM, tcp != NULL ? tcp->p_proto : IPPROTO_TCP);
    if (sd < 0)
        return -1;

    memset(&server, 0, sizeof(server));
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = inet_addr("127.0.0.1");
    server.sin_port = htons((unsigned short)port);
    if (connect(sd, (struct sockaddr *)&server, sizeof(server)) < 0)
        err = errno;
    close(sd);

    if (err != 0 && err != ECONNREFUSED)
        return -1;
    return err == 0;
}
