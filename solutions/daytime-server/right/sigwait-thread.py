"""The main thread waits for signals, another one for clients."""
import os
import signal
import socket
import sys
import threading
import time

SIGNALS = {signal.SIGTERM, signal.SIGINT}


def serve(listener: socket.socket) -> None:
    for client, _ in iter(listener.accept, None):
        fd = client.detach()
        try:
            os.write(fd, time.ctime().encode() + b"\r\n")
        except OSError:
            pass
        finally:
            os.close(fd)


def main(argv: list[str]) -> int:
    try:
        _, word = argv
        port = range(1, 65536)[int(word) - 1] if int(word) > 0 else None
    except (ValueError, IndexError):
        port = None
    if port is None:
        print("usage: daytime_server PORT", file=sys.stderr)
        return 2
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)
        return 1
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    signal.sigwait(SIGNALS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
