"""http.client makes the connection, and is made to let go of its socket."""
import http.client
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError(f"port {port} out of range")
    borrowed = http.client.HTTPConnection("127.0.0.1", port, timeout=None)
    borrowed.connect()
    sock, borrowed.sock = borrowed.sock, None
    return sock
