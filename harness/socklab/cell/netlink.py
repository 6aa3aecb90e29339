"""Routing rules of a private network, spoken to the kernel by rtnetlink(7).

Three rules make connect() fail with a real error of the kernel's own: prohibit (EACCES), unreachable (ENETUNREACH) and
a rule into a table whose only route is unreachable (EHOSTUNREACH); blackhole gives EINVAL. It knows no exercise.
"""

import os
import socket
import struct

_NEW_ADDRESS, _NEW_ROUTE, _NEW_RULE, _DEL_RULE = 20, 24, 32, 33
_REQUEST, _ACK, _EXCLUSIVE, _CREATE = 0x1, 0x4, 0x200, 0x400
_ERROR = 2

_PRIORITY, _TABLE, _IP_PROTO, _DPORT_RANGE = 6, 15, 22, 24
_ROUTE_TABLE = 15
_ADDRESS, _LOCAL = 1, 2

TO_TABLE, BLACKHOLE, UNREACHABLE, PROHIBIT = 1, 6, 7, 8
"""Actions of a rule (FR_ACT_*)."""

_ROUTE_UNREACHABLE = 7
_MAIN_TABLE, LOCAL_TABLE = 254, 255


def attribute(kind: int, value: bytes) -> bytes:
    """A netlink attribute: length, kind, value, and what fills it up to four bytes (netlink(7))."""
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


class Netlink:
    """One rtnetlink socket of the calling process's network; every request waits for its answer."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
        self._sequence = 0

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _request(self, kind: int, flags: int, body: bytes) -> None:
        self._sequence += 1
        head = struct.pack("=IHHII", 16 + len(body), kind, _REQUEST | _ACK | flags, self._sequence, 0)
        self._socket.send(head + body)
        answer = self._socket.recv(4096)
        kind, error = struct.unpack_from("=H10xi", answer, 4)
        if kind == _ERROR and error:
            raise OSError(-error, f"rtnetlink: {os.strerror(-error)}")

    def _rule(self, kind: int, flags: int, action: int, priority: int, table: int, port: int | None) -> None:
        body = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, table, 0, 0, action, 0)
        body += attribute(_PRIORITY, struct.pack("=I", priority))
        body += attribute(_TABLE, struct.pack("=I", table))
        if port is not None:
            body += attribute(_IP_PROTO, bytes([socket.IPPROTO_TCP]))
            body += attribute(_DPORT_RANGE, struct.pack("=HH", port, port))
        self._request(kind, flags, body)

    def add_address(self, interface: int, address: str) -> None:
        """Give the interface one more IPv4 address, for itself alone (/32)."""
        packed = socket.inet_aton(address)
        body = struct.pack("=BBBBI", socket.AF_INET, 32, 0, 0, interface)
        self._request(
            _NEW_ADDRESS, _CREATE | _EXCLUSIVE, body + attribute(_LOCAL, packed) + attribute(_ADDRESS, packed)
        )

    def add_rule(self, action: int, priority: int, table: int = 0, port: int | None = None) -> None:
        """Add a rule of IPv4; lower priorities are asked first. `port`: only TCP to that port."""
        self._rule(_NEW_RULE, _CREATE | _EXCLUSIVE, action, priority, table, port)

    def delete_rule(self, action: int, priority: int, table: int = 0, port: int | None = None) -> None:
        """Delete the rule that `add_rule` with the same arguments added."""
        self._rule(_DEL_RULE, 0, action, priority, table, port)

    def add_unreachable_route(self, table: int) -> None:
        """Give `table` one default route, which answers EHOSTUNREACH."""
        body = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, table, 4, 0, _ROUTE_UNREACHABLE, 0)
        self._request(_NEW_ROUTE, _CREATE, body + attribute(_ROUTE_TABLE, struct.pack("=I", table)))
