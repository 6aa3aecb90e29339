"""mistake: after a failure the default timeout stays set."""
import socket
def tcp_client_connect(port):
    if not 1 <= port <= 65535: raise ValueError(port)
    socket.setdefaulttimeout(1.5)
    s = socket.socket()
    try: s.connect(("127.0.0.1", port))
    except BaseException: s.close(); raise
    s.settimeout(None)
    socket.setdefaulttimeout(None)
    return s
