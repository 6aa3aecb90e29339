"""mistake: shutdown() is taken to close the socket, which a global name keeps alive."""
import socket

sock = None


def is_port_open(port: int) -> int:
    global sock
    if not 1 <= port <= 65535:
        return -1
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    try:
        sock.connect(("127.0.0.1", port))
        answer = 1
    except ConnectionRefusedError:
        answer = 0
    except OSError:
        answer = -1
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    return answer
