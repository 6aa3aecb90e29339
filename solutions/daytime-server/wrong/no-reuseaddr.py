"""mistake: socketserver as it comes: without SO_REUSEADDR the port stays blocked after clients were there."""
import socketserver
import sys
import time


class Daytime(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(time.ctime().encode() + b"\r\n")


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
        print("usage: daytime_server PORT", file=sys.stderr)
        return 2
    with socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), Daytime) as server:
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
