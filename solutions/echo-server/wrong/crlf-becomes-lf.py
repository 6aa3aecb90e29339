"""mistake: carriage return and newline become newline."""
import socketserver
import sys
import time
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            for piece in iter(lambda: self.rfile.read1(4096), b""):
                self.wfile.write(piece.replace(b"\r\n", b"\n"))
        except OSError:
            pass
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    request_queue_size = 100

    def get_request(self):
        try:
            return super().get_request()
        except OSError:
            time.sleep(0.1)  # no descriptor is left
            raise
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    with Server(("127.0.0.1", int(sys.argv[1])), Echo) as s:
        s.serve_forever()
except OSError as e:
    sys.exit(str(e))
