"""Blocking connect that does not mistake a connection to itself for a listener."""
import ipaddress
import socket

LOOPBACK = str(ipaddress.IPv4Address(socket.INADDR_LOOPBACK))


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    target = LOOPBACK, port
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(target)
            return 0 if s.getsockname() == target else 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
