"""A rule of a private network's packet filter, spoken to the kernel by nfnetlink: requests to one port are rejected.

What comes of it no routing rule gives: a non-blocking connect() is under way, and then poll() reports POLLERR alone, without
POLLOUT, while SO_ERROR says EHOSTUNREACH. It knows no exercise.
"""

import contextlib
import os
import socket
import struct
from collections.abc import Iterator

from .netlink import attribute

_PROTOCOL = 12  # NETLINK_NETFILTER
_BEGIN, _END, _TABLES = 16, 17, 10
_NEW_TABLE, _DELETE_TABLE, _NEW_CHAIN, _NEW_RULE = (_TABLES << 8 | number for number in (0, 2, 3, 6))
_REQUEST, _ACK, _CREATE, _APPEND = 0x1, 0x4, 0x400, 0x800
_NESTED = 0x8000
_ERROR = 2
_OUTPUT_HOOK = 3
_NAME = b"socklab\0"


def _number(value: int) -> bytes:
    return struct.pack("!I", value)


def _nest(kind: int, *inner: bytes) -> bytes:
    return attribute(kind | _NESTED, b"".join(inner))


def _expression(name: str, *fields: bytes) -> bytes:
    return _nest(1, attribute(1, name.encode() + b"\0"), _nest(2, *fields))


def _equals(value: bytes) -> bytes:
    """Go on with the rule only where register 1 holds `value`."""
    return _expression("cmp", attribute(1, _number(1)), attribute(2, _number(0)), _nest(3, attribute(1, value)))


def _rule(port: int) -> bytes:
    expressions = (
        _expression("meta", attribute(1, _number(1)), attribute(2, _number(16))),  # the protocol, into register 1
        _equals(bytes([socket.IPPROTO_TCP])),
        # two bytes at offset 2 of the transport header, into register 1: the port that is asked
        _expression("payload", *(attribute(kind, _number(n)) for kind, n in ((1, 1), (2, 2), (3, 2), (4, 2)))),
        _equals(struct.pack("!H", port)),
        _expression("reject", attribute(1, _number(0)), attribute(2, bytes([1]))),  # ICMP: host unreachable
    )
    return attribute(1, _NAME) + attribute(2, _NAME) + _nest(4, *expressions)


def _message(kind: int, flags: int, body: bytes, family: int = socket.AF_INET, group: int = 0) -> bytes:
    head = struct.pack("!BBH", family, 0, group)
    return struct.pack("=IHHII", 20 + len(body), kind, _REQUEST | flags, 0, 0) + head + body


def _carry_out(*messages: bytes) -> None:
    """All of them or none (a batch). Raises OSError if the kernel does not want them."""
    begin, end = (_message(kind, 0, b"", socket.AF_UNSPEC, _TABLES) for kind in (_BEGIN, _END))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _PROTOCOL) as speaker:
        speaker.send(b"".join((begin, *messages, end)))
        kind, error = struct.unpack_from("=H10xi", speaker.recv(4096), 4)
    if kind == _ERROR and error:
        raise OSError(-error, f"nfnetlink: {os.strerror(-error)}")


@contextlib.contextmanager
def rejecting(port: int) -> Iterator[None]:
    """While inside, each request to TCP `port` is answered by an ICMP error (RFC 792). Raises OSError without a packet filter."""
    hook = _nest(4, attribute(1, _number(_OUTPUT_HOOK)), attribute(2, _number(0)))
    _carry_out(
        _message(_NEW_TABLE, _CREATE, attribute(1, _NAME)),
        _message(_NEW_CHAIN, _CREATE, attribute(1, _NAME) + attribute(3, _NAME) + hook + attribute(7, b"filter\0")),
        _message(_NEW_RULE, _CREATE | _APPEND | _ACK, _rule(port)),
    )
    try:
        yield
    finally:
        _carry_out(_message(_DELETE_TABLE, _ACK, attribute(1, _NAME)))
