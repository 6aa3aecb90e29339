"""A thread for each client; the operating system's defaults do the rest."""

import socket
import sys
import threading
import time


def echo(client: socket.socket) -> None:
    with client:
        try:
            while data := client.recv(65536):
                client.sendall(data)
        except ConnectionError:
            pass  # it has gone; nobody is left to tell


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 1 <= int(sys.argv[1]) <= 65535:
        print(f"usage: {sys.argv[0]} PORT", file=sys.stderr)
        return 2
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", int(sys.argv[1])))
        except OSError as error:
            print(f"echo_server: {error}", file=sys.stderr)
            return 1
        listener.listen(128)
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                time.sleep(0.05)  # out of descriptors: until somebody leaves
                continue
            threading.Thread(target=echo, args=(client,), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
