"""style: shutil.copyfileobj() between the unbuffered files of a StreamRequestHandler"""

import shutil
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


class Handler(socketserver.StreamRequestHandler):
    rbufsize = 0

    def handle(self):
        try:
            shutil.copyfileobj(self.rfile, self.wfile)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def get_request(self):
        try:
            return super().get_request()
        except OSError:
            time.sleep(0.02)
            raise

    def handle_error(self, request, client_address):
        pass


port = port_of(sys.argv)
try:
    server = Server(("127.0.0.1", port), Handler)
except OSError as e:
    sys.exit(str(e))
with server:
    server.serve_forever()
