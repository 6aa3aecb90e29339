"""mistake: looks the errno up in a table that has only two of them."""

import contextlib
import errno
import socket

CODES = {0: 1, errno.ECONNREFUSED: 0}

class Probe(contextlib.ExitStack):
    def ask(self, port):
        s = self.enter_context(socket.socket())
        with contextlib.suppress(OSError):
            return CODES[s.connect_ex(("127.0.0.1", port))]
        return 0

def is_port_open(port):
    if port not in range(1, 65536):
        return -1
    with Probe() as p:
        return p.ask(port)
