"""Make a TCP connection to 127.0.0.1:port.

Return the connected, blocking socket; the caller closes it. If that fails raise OSError, with the errno of the failing call.
The statement is in statement.md; grade this file with: socklab check tcp_client_connect.py
"""

import errno
import socket


def tcp_client_connect(port: int) -> socket.socket:
    raise OSError(errno.ENOSYS, "nothing is written yet")  # your code goes here
