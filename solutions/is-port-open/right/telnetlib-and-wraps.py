import contextlib, functools, socket, socketserver, sys
sys.setrecursionlimit(3000)
def retry_eintr(f):
    @functools.wraps(f)
    def g(*a, **k):
        while True:
            try: return f(*a, **k)
            except InterruptedError: continue
    return g
def _deep(n, port):
    if n: return _deep(n - 1, port)
    s = None
    try:
        s = socket.socket(fileno=socket.socket().detach())
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.settimeout(10)
        s.connect(("127.0.0.1", port))
        s.shutdown(socket.SHUT_RDWR)
        return 1
    except OSError as e:
        return 0 if e.__class__ is ConnectionRefusedError else -1
    finally:
        if s: s.close()
@retry_eintr
def is_port_open(port): return -1 if (port - 1) >> 16 or port == 65536 else _deep(500, port)
