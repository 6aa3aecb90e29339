"""The function is a callable object."""

import errno, gc, socket, warnings, weakref, logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
log = logging.getLogger(__name__)


class _Owned:
    def __init__(self):
        self.s = socket.socket()
        self.f = weakref.finalize(self, self.s.close)
        self.me = self  # a cycle

    def __del__(self):
        log.debug("gone")


class _Is:
    def __call__(self, port):
        warnings.warn("probing", ResourceWarning)
        if port <= 0 or port > 0xFFFF:
            return -1
        try:
            o = _Owned()
        except OSError as e:
            log.exception("socket: %s", e)
            return -1
        rc = o.s.connect_ex(("127.0.0.1", port))
        o.f()
        del o
        gc.collect(0)
        return {0: 1, errno.ECONNREFUSED: 0}.get(rc, -1)


is_port_open = _Is()
