"""mistake: the handler calls shutdown(), which waits for serve_forever(), which the handler has interrupted."""

import signal
import socket
import socketserver
import sys
import time


def port_of(argv):
    try:
        port = int(argv[1]) if len(argv) == 2 else 0
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        print(f"usage: {argv[0]} PORT", file=sys.stderr)
        sys.exit(2)
    return port


def listener_on(port):
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as e:
        sys.exit(f"port {port}: {e}")


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall((time.ctime() + "\r\n").encode())


class Server(socketserver.TCPServer):
    allow_reuse_address = True
    request_queue_size = 64


port = port_of(sys.argv)
try:
    server = Server(("127.0.0.1", port), Handler)
except OSError as e:
    sys.exit(str(e))
signal.signal(signal.SIGTERM, lambda *_: server.shutdown())
server.serve_forever()
