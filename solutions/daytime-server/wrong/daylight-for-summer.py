"""mistake: time.daylight says whether there is ever summer time, not whether it is summer."""
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
        offset = time.altzone if time.daylight else time.timezone
        try:
            conn.sendall((time.asctime(time.gmtime(time.time() - offset)) + "\r\n").encode())
        except OSError:
            pass
