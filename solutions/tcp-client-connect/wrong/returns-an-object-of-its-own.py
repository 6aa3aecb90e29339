"""mistake: returns an object that has a socket, with two methods, where a socket is asked for."""
import socket


class Connection:
    def __init__(self, sock):
        self.sock = sock

    def write(self, data):
        self.sock.sendall(data)

    def read(self, size):
        return self.sock.recv(size)


def tcp_client_connect(port: int) -> Connection:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    return Connection(socket.create_connection(("127.0.0.1", port)))
