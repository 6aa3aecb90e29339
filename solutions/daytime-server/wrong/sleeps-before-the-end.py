"""mistake: after SIGTERM it gives its clients three seconds that none of them needs."""

import datetime
import signal
import socketserver
import sys
import time


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(f"{datetime.datetime.now().ctime()}\r\n".encode("ascii"))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


def in_peace(number, frame):
    time.sleep(3)
    sys.exit(0)


def main(words):
    if len(words) != 1 or not words[0].isascii() or not words[0].isdecimal() or not 0 < int(words[0]) <= 0xFFFF:
        print("usage: daytime_server PORT", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, in_peace)
    try:
        server = Server(("127.0.0.1", int(words[0])), Answer)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    with server:
        server.serve_forever()


sys.exit(main(sys.argv[1:]))
