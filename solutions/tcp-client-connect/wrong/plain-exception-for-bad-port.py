# mistake: a class of its own, which is no ValueError, is raised for a number that is no port
import socket


class PortError(Exception):
    pass


def tcp_client_connect(port: int) -> socket.socket:
    if port < 1 or port > 65535:
        raise PortError(f"{port} is no port")
    s = socket.socket()
    try:
        s.connect(("127.0.0.1", port))
    except BaseException:
        s.close()
        raise
    return s
