"""mistake: the argument is given to bind() as it is, a text."""
import socket
import sys
import time


def main():
    if len(sys.argv) != 2:
        print("usage: daytime_server.py PORT", file=sys.stderr)
        sys.exit(2)
    try:
        port = int(sys.argv[1])
    except ValueError:
        port = 0
    if port < 1 or port > 65535:
        print("usage: daytime_server.py PORT", file=sys.stderr)
        sys.exit(2)

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", sys.argv[1]))
    except OSError as error:
        print(f"port {port}: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    listener.listen(16)
    while True:
        client, _ = listener.accept()
        try:
            client.sendall((time.ctime() + "\r\n").encode())
        except OSError:
            pass
        client.close()


main()
