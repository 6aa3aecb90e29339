"""mistake: os.set_blocking() clears the flag; the socket object keeps its timeout."""
import os, socket
def tcp_client_connect(port):
    if not 1 <= port <= 65535: raise ValueError(port)
    s = socket.socket()
    try:
        s.settimeout(1.5)
        s.connect(("127.0.0.1", port))
        os.set_blocking(s.fileno(), True)
    except BaseException: s.close(); raise
    return s
