"""mistake: a command is asked when connect() fails in an unknown way."""
import socket
import subprocess


def listens(port):
    done = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True)
    return "LISTEN" in done.stdout


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        try:
            return 1 if listens(port) else -2
        except OSError:
            return -2
