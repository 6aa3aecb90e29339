"""a thread for each client, and a caretaker that wakes up each second (Event.wait) and counts them"""
import socket
import sys
import threading


def usage():
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)


def the_port():
    if len(sys.argv) != 2 or not (sys.argv[1].isascii() and sys.argv[1].isdigit()):
        usage()
    number = int(sys.argv[1])
    if not 1 <= number <= 65535:
        usage()
    return number


def the_listener(port):
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        sys.exit(f"cannot listen on {port}: {error}")


clients, lock, later = set(), threading.Lock(), threading.Event()


def caretaker():
    most = 0
    while not later.wait(1.0):
        with lock:
            most = max(most, len(clients))


def talk(client):
    with lock:
        clients.add(client)
    try:
        while data := client.recv(65536):
            client.sendall(data)
    except OSError:
        pass
    finally:
        with lock:
            clients.discard(client)
        client.close()


def main():
    listener = the_listener(the_port())
    threading.Thread(target=caretaker, daemon=True).start()
    while True:
        try:
            client = listener.accept()[0]
        except OSError:
            later.wait(0.1)
            continue
        threading.Thread(target=talk, args=(client,), daemon=True).start()
        del client


main()
