"""A pool of many threads, which stay for the next clients."""

import logging
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger("echo")


def talk(conn: socket.socket, peer: tuple[str, int]) -> None:
    buffer = bytearray(1 << 16)
    view = memoryview(buffer)
    try:
        while (size := conn.recv_into(buffer)) > 0:
            conn.sendall(view[:size])
    except OSError as error:
        log.info("%s:%d: %s", *peer, error)
    finally:
        conn.close()


def serve(port: int) -> None:
    with ThreadPoolExecutor(max_workers=250) as pool, socket.create_server(("127.0.0.1", port), backlog=200) as server:
        while True:
            try:
                conn, peer = server.accept()
            except OSError as error:
                log.warning("accept: %s", error)
                time.sleep(0.2)
                continue
            pool.submit(talk, conn, peer)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    if len(sys.argv) != 2:
        print("usage: echo_server.py PORT", file=sys.stderr)
        sys.exit(2)
    try:
        wanted = int(sys.argv[1])
        if not 1 <= wanted <= 65535:
            raise ValueError(f"{wanted} is no port")
    except ValueError as error:
        print(f"{error}\nusage: echo_server.py PORT", file=sys.stderr)
        sys.exit(2)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        serve(wanted)
    except OSError as error:
        print(f"echo_server: {error}", file=sys.stderr)
        sys.exit(1)
