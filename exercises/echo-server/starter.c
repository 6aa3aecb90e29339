/* A server that sends back to each client what it receives: echo_server PORT
 *
 * Listen on 127.0.0.1:PORT. Serve all clients at the same time: whatever one of them does, the others do not wait.
 * The statement is in statement.md; grade this file with: socklab check echo_server.c
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    (void)argc; /* your code goes here */
    fprintf(stderr, "%s: there is no server here yet\n", argv[0]);
    return 1;
}
