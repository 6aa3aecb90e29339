"""mistake: two threads for each client; the one that sends waits 20 seconds for words, and takes queue.Empty for the end"""
import queue
import socket
import sys
import threading
import time


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


def send(client, words):
    try:
        while (data := words.get(timeout=20)) is not None:
            client.sendall(data)
        return
    except queue.Empty:
        pass
    except OSError:
        pass
    try:
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    while words.get() is not None:
        pass


def talk(client):
    with client:
        words = queue.Queue(8)
        sender = threading.Thread(target=send, args=(client, words), daemon=True)
        sender.start()
        try:
            while data := client.recv(16384):
                words.put(data)
        except OSError:
            pass
        words.put(None)
        sender.join()


def main():
    listener = the_listener(the_port())
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            time.sleep(0.1)
            continue
        threading.Thread(target=talk, args=(client,), daemon=True).start()
        del client


main()
