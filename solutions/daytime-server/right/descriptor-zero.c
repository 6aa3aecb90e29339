/* style: closes the standard descriptors once it listens; connections get number 0 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_in here = { .sin_family = AF_INET };
    const char *const complaint = "usage: daytime_server PORT\n";
    int listener, client;
    unsigned port;
    char extra;

    if (argc != 2 || strlen(argv[1]) > 5 || strspn(argv[1], "0123456789") != strlen(argv[1])
        || sscanf(argv[1], "%u%c", &port, &extra) != 1 || port - 1 >= 65535) {
        fputs(complaint, stderr);
        return 2;
    }
    if ((listener = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        goto failed;
    here.sin_port = htons(port);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) < 0)
        goto failed;
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0)
        goto failed;
    if (listen(listener, 7) < 0)
        goto failed;
    signal(SIGPIPE, SIG_IGN);
    fclose(stdin);
    fclose(stdout);
    fclose(stderr);
    while ((client = accept(listener, NULL, NULL)) != -2) {
        if (client == -1)
            continue;
        struct msghdr message = { 0 };
        char line[64];
        time_t now = time(NULL);
        struct iovec part = { line, (size_t)sprintf(line, "%.24s\r\n", ctime(&now)) };
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        sendmsg(client, &message, 0);
        close(client);
    }
failed:
    perror("daytime_server");
    return 1;
}
