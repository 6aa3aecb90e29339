"""Shuts down its side and reads away what the client has said before it closes."""
import os
import socket
import sys
import time


def parse(argv: list[str]) -> int | None:
    if len(argv) != 2:
        return None
    try:
        port = int(argv[1], base=10)
    except ValueError:
        return None
    return port if 1 <= port <= 65535 else None


def farewell(client: socket.socket) -> None:
    client.shutdown(socket.SHUT_WR)
    client.settimeout(0.05)  # one that stays must not keep the next one waiting
    for _ in range(4):
        if not client.recv(65536):
            break


def main() -> int:
    port = parse(sys.argv)
    if port is None:
        print(f"usage: {os.path.basename(sys.argv[0])} PORT", file=sys.stderr)
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(100)
    except OSError as error:
        print("daytime_server:", error, file=sys.stderr)
        return os.EX_UNAVAILABLE
    while True:
        client = listener.accept()[0]
        try:
            client.sendall(f"{time.ctime():.24}\r\n".encode("ascii"))
            farewell(client)
        except OSError:
            pass
        finally:
            client.close()


if __name__ == "__main__":
    sys.exit(main())
