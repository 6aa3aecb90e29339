"""mistake: packs the port by hand into 16 bits, which makes a port of every number."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    port &= 0xFFFF
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock
