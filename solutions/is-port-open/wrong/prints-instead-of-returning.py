"""mistake: the answer is printed and not returned."""
import socket


def is_port_open(port: int) -> int:
    answer = -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            answer = 1
    except ConnectionRefusedError:
        answer = 0
    except (OSError, OverflowError):
        pass
    print(answer)
