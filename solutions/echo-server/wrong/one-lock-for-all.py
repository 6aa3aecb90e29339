# mistake: one lock is held while a thread answers; when one of them waits in sendall(), all wait
import socket
import sys
import threading
import time

lock = threading.Lock()
total = 0


def serve(client):
    global total
    with client:
        try:
            while data := client.recv(4096):
                with lock:
                    client.sendall(data)
                    total += len(data)
        except OSError:
            pass


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
        print("usage: echo_server PORT", file=sys.stderr)
        sys.exit(2)
    try:
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    except OSError as error:
        sys.exit(str(error))
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            time.sleep(0.05)
            continue
        threading.Thread(target=serve, args=(client,), daemon=True).start()


main()
