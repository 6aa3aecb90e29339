# mistake: an error in connect() is passed over, and the function goes on as after a success
import socket


def is_port_open(port: int) -> int:
    if port not in range(1, 65536):
        return -1
    try:
        s = socket.socket()
    except OSError:
        return -1
    try:
        s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        s.close()
        return 0
    except OSError as e:
        print("problem:", e)
    s.close()
    return 1
