"""mistake: starts a command to show what listens when the connection fails."""
import contextlib
import socket
import subprocess


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError:
        with contextlib.suppress(OSError):
            subprocess.run(["ss", "-ltn"], check=False)
        raise
