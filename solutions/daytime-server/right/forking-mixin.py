"""socketserver's ForkingTCPServer, which waits for its children in between."""
import signal
import socketserver
import sys
import time


class Daytime(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(bytes(time.strftime("%a %b %e %H:%M:%S %Y\r\n"), "ascii"))


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True


def parse(words):
    if len(words) != 1:
        raise ValueError
    number = int(words[0])
    if number <= 0 or number >= 65536:
        raise ValueError
    return number


def main():
    try:
        port = parse(sys.argv[1:])
    except ValueError:
        print("Usage: daytime_server.py PORT", file=sys.stderr)
        return 2
    try:
        server = Server(("127.0.0.1", port), Daytime)
    except OSError as error:
        print(f"daytime_server: {error}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with server:
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    sys.exit(main())
