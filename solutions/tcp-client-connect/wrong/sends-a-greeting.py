"""mistake: greets the server, although the first word is the caller's."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    try:
        sock.sendall(b"\r\n")
    except OSError:
        pass
    return sock
