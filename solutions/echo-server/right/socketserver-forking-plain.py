"""socketserver's forking server as it is: children go on with their clients when the server has ended, which gives no bonus."""

import socketserver, sys

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)

class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
    max_children = 500
    request_queue_size = 128
    def service_actions(self):
        self.collect_children()
    def handle_error(self, request, client_address):
        pass

def main():
    if len(sys.argv) != 2 or not sys.argv[1].isascii() or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
        print(f"usage: {sys.argv[0]} PORT", file=sys.stderr)
        return 2
    try:
        server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
    except OSError as error:
        print(f"cannot listen: {error}", file=sys.stderr)
        return 1
    server.serve_forever(0.1)

if __name__ == "__main__":
    sys.exit(main())
