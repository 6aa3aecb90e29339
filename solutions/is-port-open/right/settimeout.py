"""settimeout() before connect(), answer kept in a variable, try/else/finally."""
import socket


def is_port_open(port: int) -> int:
    answer = -1
    s = None
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        s.settimeout(1.0)
        s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        answer = 0
    except (OSError, OverflowError):
        answer = -1
    else:
        answer = 1
    finally:
        if s is not None:
            s.close()
    return answer
