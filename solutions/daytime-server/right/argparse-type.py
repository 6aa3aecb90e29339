"""argparse with a type of its own; a server class that is an iterator over its clients."""
import argparse
import socket
import sys
import time


def port_number(text: str) -> int:
    number = int(text)
    if number not in range(1, 65536):
        raise argparse.ArgumentTypeError(f"{number} is not in 1..65535")
    return number


class Door:
    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(20)

    def __iter__(self):
        return self

    def __next__(self):
        return self.socket.accept()[0]


def main():
    parser = argparse.ArgumentParser(description="tell the time")
    parser.add_argument("port", type=port_number, metavar="PORT")
    options = parser.parse_args()
    try:
        door = Door(options.port)
    except OSError as error:
        sys.exit(f"cannot listen: {error}")
    for client in door:
        with client:
            try:
                client.sendall(b"%s\r\n" % time.ctime(time.time()).encode())
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


if __name__ == "__main__":
    main()
