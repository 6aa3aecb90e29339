"""A worker connects; its exception comes back through the future; the pool is shut down."""
import concurrent.futures
import socket


def _dial(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.connect(("127.0.0.1", port))
        return sock.detach()


def tcp_client_connect(port: int) -> socket.socket:
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        number = pool.submit(_dial, port).result()
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=number)
