#ifndef TCP_CLIENT_CONNECT_H
#define TCP_CLIENT_CONNECT_H

/* A connected, blocking TCP socket to 127.0.0.1:port, which the caller closes; or -1, and errno says which error it was. */
int tcp_client_connect(int port);

#endif
