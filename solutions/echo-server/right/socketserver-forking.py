"""socketserver's forking server; the children die with the server."""

import os
import signal
import socketserver
import sys


class Handler(socketserver.StreamRequestHandler):
    wbufsize = 0

    def setup(self):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        super().setup()

    def handle(self):
        while chunk := self.rfile.read1(32768):
            self.wfile.write(chunk)


class EchoServer(socketserver.ForkingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    max_children = 200
    request_queue_size = 100

    def handle_error(self, request, client_address):
        pass  # a client that has gone is no error of ours

    def service_actions(self):
        self.collect_children()


def stop(signo, frame):
    for pid in server.active_children or ():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(0)


try:
    (text,) = sys.argv[1:]
    port = int(text)
    if port not in range(1, 65536):
        raise ValueError(text)
except ValueError:
    print("Usage: echo_server.py PORT", file=sys.stderr)
    sys.exit(2)

try:
    server = EchoServer(("127.0.0.1", port), Handler)
except OSError as problem:
    print(problem, file=sys.stderr)
    sys.exit(1)
signal.signal(signal.SIGTERM, stop)
server.serve_forever(poll_interval=0.2)
