"""mistake: whatever went wrong, the caller is told that the connection was refused."""
import errno
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError:
        raise ConnectionRefusedError(errno.ECONNREFUSED, f"cannot connect to port {port}") from None
