"""socket.create_connection() does it all, except that it cuts large numbers to 16 bits."""
from socket import create_connection, socket


def tcp_client_connect(port: int) -> socket:
    if port < 1 or port > 65535:
        raise OverflowError("port must be 1-65535")
    return create_connection(("127.0.0.1", port))
