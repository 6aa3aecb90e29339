"""Other ends that do not play fair: a port that never answers, and false answers to connection requests.

They know no exercise. What a Wire answers is wrong on purpose; what comes of it the callers' kernel does by itself.
"""

import select
import socket
import struct
from typing import NamedTuple

from .cell.network import LOOPBACK

_RIPE_SECONDS = 10.0
"""How long a connection may take from being made to waiting for accept(); the kernel needs microseconds."""


class FullQueue:
    """A listener whose accept queue is full: the kernel drops every SYN, so a caller waits (listen(2))."""

    def __init__(self, port: int) -> None:
        self.listener = socket.socket()
        try:
            self.listener.bind((LOOPBACK, port))
        except OSError:
            self.listener.close()
            raise
        self.listener.listen(0)
        self.filler = socket.socket()
        self.filler.connect((LOOPBACK, port))
        # For this end it is connected already; only when it waits to be accepted is the queue full.
        if not select.select([self.listener], [], [], _RIPE_SECONDS)[0]:
            self.close()
            raise TimeoutError(f"the queue of port {port} does not fill")
        self.port = port

    def make_room(self) -> None:
        """Accept the connection that fills the queue."""
        self.listener.accept()[0].close()

    def close(self) -> None:
        """Stop listening."""
        self.filler.close()
        self.listener.close()


class Syn(NamedTuple):
    """A connection request as it went over the wire: the whole IP packet, and the fields that forgers need."""

    packet: bytes
    port: int
    sequence: int


class Wire:
    """Raw sockets on the private network's loopback: watches for connection requests to one port and answers falsely."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._tcp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
        self._tcp.setblocking(False)
        self._icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)

    def fileno(self) -> int:
        """The descriptor that is readable when packets have passed."""
        return self._tcp.fileno()

    def requests(self) -> list[Syn]:
        """The connection requests to our port that passed since the last look."""
        found: list[Syn] = []
        while True:
            try:
                packet = self._tcp.recv(65536)
            except BlockingIOError:
                return found
            source, target, sequence = struct.unpack_from("!HHI", packet, 20)
            if target == self.port and packet[33] & 0x3F == _SYN:
                found.append(Syn(packet, source, sequence))

    def unreachable(self, syn: Syn, code: int) -> None:
        """Answer with an ICMP error of type 3 (RFC 792); tcp(7) turns `code` into the caller's errno."""
        message = struct.pack("!BBHI", 3, code, 0, 0) + syn.packet[:28]
        message = message[:2] + struct.pack("!H", _checksum(message)) + message[4:]
        self._icmp.sendto(message, (LOOPBACK, 0))

    def open_too(self, syn: Syn) -> None:
        """Answer with a SYN of our own (simultaneous open, RFC 9293 3.5).

        The caller's reply reaches the listener, which knows of no such connection and resets it: connect() fails with
        ECONNRESET, by the kernel's own doing.
        """
        self._send(struct.pack("!HHIIBBHHH", self.port, syn.port, 12345, 0, 0x50, _SYN, 65535, 0, 0))

    def ask_again(self, syn: Syn) -> None:
        """Send the caller's request once more, as the kernel would after a second."""
        self._send(syn.packet[20:])

    def _send(self, segment: bytes) -> None:
        """Send a TCP segment from loopback to loopback, with its checksum: the kernel left none on the way here."""
        host = socket.inet_aton(LOOPBACK)
        bare = segment[:16] + b"\0\0" + segment[18:]
        pseudo = host + host + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(bare))
        self._tcp.sendto(bare[:16] + struct.pack("!H", _checksum(pseudo + bare)) + bare[18:], (LOOPBACK, 0))

    def close(self) -> None:
        """Stop watching."""
        self._tcp.close()
        self._icmp.close()


_SYN = 0x02


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF
