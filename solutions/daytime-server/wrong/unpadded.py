"""mistake: what is below 10 has one place."""
import socket
import sys
import time


def parse_port():
    if len(sys.argv) != 2:
        sys.stderr.write("usage: %s PORT\n" % sys.argv[0])
        sys.exit(2)
    try:
        port = int(sys.argv[1])
        if not 0 < port < 65536:
            raise ValueError(port)
    except ValueError:
        sys.stderr.write("usage: %s PORT (1-65535)\n" % sys.argv[0])
        sys.exit(2)
    return port


def make_listener():
    port = parse_port()
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        s.bind(("127.0.0.1", port))
    except OSError as e:
        print("bind failed:", e, file=sys.stderr)
        sys.exit(1)
    s.listen(100)
    return s


def line():
    t = time.localtime()
    return f"{time.strftime('%a %b %e', t)} {t.tm_hour}:{t.tm_min}:{t.tm_sec} {t.tm_year}\r\n".encode()


s = make_listener()
while True:
    conn, addr = s.accept()
    try:
        conn.sendall(line())
    except OSError:
        pass
    finally:
        conn.close()
