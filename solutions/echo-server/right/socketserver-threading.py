#!/usr/bin/env python3
"""socketserver's threading server; its own accept loop is slowed down while no descriptor is left."""

import argparse
import errno
import socketserver
import sys
import time


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while True:
                data = self.request.recv(16384)
                if not data:
                    break
                self.request.sendall(data)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def get_request(self):
        try:
            return super().get_request()
        except OSError as e:
            if e.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(0.1)
            raise


def port(text):
    number = int(text)
    if not 0 < number < 65536:
        raise ValueError
    return number


parser = argparse.ArgumentParser(prog="echo_server")
parser.add_argument("port", type=port)
args = parser.parse_args()
try:
    server = Server(("127.0.0.1", args.port), Echo)
except OSError as e:
    sys.exit(f"cannot listen on port {args.port}: {e.strerror}")
server.serve_forever()
