"""mistake: the object that owns the socket is gone at the end of the function, and its __del__ closes the socket."""
import socket


class Client:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.connect(("127.0.0.1", port))

    def __del__(self):
        self.sock.close()


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    client = Client(port)
    return client.sock
