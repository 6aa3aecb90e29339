"""socketserver's TCPServer with a StreamRequestHandler."""
import socketserver
import sys
import time


class Daytime(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"%.24s\r\n" % time.ctime().encode("ascii"))


class Server(socketserver.TCPServer):
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        print("a client left early:", sys.exc_info()[1])


def usage():
    sys.stderr.write(f"Usage: {sys.argv[0]} PORT\n")
    raise SystemExit(2)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
        usage()
    with Server(("127.0.0.1", int(sys.argv[1])), Daytime) as server:
        server.serve_forever()
