"""mistake: a new call closes the connection of the one before, which is the caller's."""
import socket


class Client:
    sock = None

    def connect(self, port):
        if port < 1 or port > 65535:
            raise ValueError("port")
        if self.sock is not None:
            self.sock.close()
        self.sock = socket.socket()
        try:
            self.sock.connect(("127.0.0.1", port))
        except OSError:
            self.sock.close()
            raise
        return self.sock


client = Client()


def tcp_client_connect(port: int) -> socket.socket:
    return client.connect(port)
