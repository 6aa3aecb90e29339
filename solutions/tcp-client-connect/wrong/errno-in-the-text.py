"""mistake: packs the number into the text of a new OSError, whose errno stays None."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    code = sock.connect_ex(("127.0.0.1", port))
    if code:
        sock.close()
        raise OSError(f"[Errno {code}] connect failed")
    return sock
