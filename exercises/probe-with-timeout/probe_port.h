#ifndef PROBE_PORT_H
#define PROBE_PORT_H

/* 0: a TCP listener is on 127.0.0.1:port; -1: refused; 1: no answer within timeout_ms; -2: a real error, or a bad port. */
int probe_port(int port, int timeout_ms);

#endif
