# group: harming
# tries: call itself without end, past Python's own limit
# outcome: failed
import sys

sys.setrecursionlimit(1 << 30)


def is_port_open(port):
    return is_port_open(port + 1) + 0
