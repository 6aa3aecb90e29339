/* What time is it? A server that tells every client: daytime_server PORT
 *
 * Listen on 127.0.0.1:PORT. Send each client "%.24s\r\n" of ctime()'s text, then close the connection; serve the next one.
 * The statement is in statement.md; grade this file with: socklab check daytime_server.c
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    (void)argc; /* your code goes here */
    fprintf(stderr, "%s: there is no server here yet\n", argv[0]);
    return 1;
}
