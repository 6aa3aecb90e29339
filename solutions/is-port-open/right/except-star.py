"""create_connection(all_errors=True) and except* clauses."""
import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    answer = -1
    try:
        with socket.create_connection(
            (b"127.0.0.1", port), timeout=1, all_errors=True
        ):
            answer = 1
    except* ConnectionRefusedError:
        answer = 0
    except* OSError:
        answer = -1
    return answer
