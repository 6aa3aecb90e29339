"""mistake: a newline is cut off that is not there."""
import os, signal, socket, sys, time


def listener():
    if len(sys.argv) != 2 or not (sys.argv[1].isascii() and sys.argv[1].isdigit()) or not 1 <= int(sys.argv[1]) <= 65535:
        print("usage: daytime_server PORT", file=sys.stderr)
        sys.exit(2)
    try:
        return socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    except OSError as e:
        print(e, file=sys.stderr)
        sys.exit(1)


s = listener()
while True:
    conn, _ = s.accept()
    with conn:
        try:
            conn.sendall((time.ctime()[:-1] + "\r\n").encode())
        except OSError:
            pass
