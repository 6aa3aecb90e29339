"""mistake: the handler calls shutdown(), which waits for serve_forever(), which the handler has interrupted"""

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
        try:
            while data := self.request.recv(65536):
                self.request.sendall(data)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def get_request(self):
        try:
            return super().get_request()
        except OSError:
            time.sleep(0.05)
            raise


port = port_of(sys.argv)
try:
    server = Server(("127.0.0.1", port), Handler)
except OSError as e:
    sys.exit(str(e))


def stop(*_):
    server.shutdown()
    server.server_close()


signal.signal(signal.SIGTERM, stop)
server.serve_forever()
