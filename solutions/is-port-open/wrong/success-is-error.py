"""mistake: the answer is set in an inner function, where it is a variable of its own."""
import socket


def is_port_open(port: int) -> int:
    answer = -1

    def ask(sock: socket.socket) -> None:
        sock.connect(("127.0.0.1", port))
        answer = 1

    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            ask(sock)
    except ConnectionRefusedError:
        answer = 0
    except OSError:
        answer = -1
    return answer
