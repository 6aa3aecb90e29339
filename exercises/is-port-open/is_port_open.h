#ifndef IS_PORT_OPEN_H
#define IS_PORT_OPEN_H

/* 1: a TCP listener is on 127.0.0.1:port; 0: refused; -1: a real error, or port is outside 1..65535. */
int is_port_open(int port);

#endif
