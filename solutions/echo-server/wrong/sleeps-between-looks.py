# mistake: looks after its clients ten times a second, and sleeps in between, instead of waiting for an event
import socket
import sys
import time


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
        print("usage: echo_server PORT", file=sys.stderr)
        sys.exit(2)
    try:
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    except OSError as error:
        sys.exit(str(error))
    listener.setblocking(False)
    clients = {}
    while True:
        time.sleep(0.1)
        try:
            while True:
                client, _ = listener.accept()
                client.setblocking(False)
                clients[client] = b""
        except OSError:
            pass
        for client in list(clients):
            try:
                if not clients[client]:
                    clients[client] = client.recv(1 << 20)
                    if not clients[client]:
                        client.close()
                        del clients[client]
                        continue
                sent = client.send(clients[client])
                clients[client] = clients[client][sent:]
            except BlockingIOError:
                pass
            except OSError:
                client.close()
                del clients[client]


main()
