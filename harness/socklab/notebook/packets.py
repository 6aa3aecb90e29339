"""Packets of loopback, read from their headers: who sent what to whom, and what it means in its conversation."""

import socket
import struct
from collections.abc import Sequence
from typing import NamedTuple

from ..i18n import tr, trn

_FLAGS = {0x02: "SYN", 0x01: "FIN", 0x04: "RST", 0x10: "ACK"}

_SHOWN = 16
"""Bytes of a text that are shown."""


class Packet(NamedTuple):
    """One packet that arrived on loopback.

    seconds       since the first one
    protocol      "TCP", "UDP" or "ICMP"
    source        the port that it comes from, `target` the one that it goes to; 0 in ICMP
    flags         of a TCP segment: SYN, FIN, RST, ACK
    size          bytes that it carries, without headers; `data`: the first of them
    sequence      the number of its first byte, and `acknowledged` that of the byte it expects next, counted from each side's SYN
    window        how many bytes more its sender has room for, if the connection's scale is not applied
    kind          what else there is to say: "keepalive", "window probe", "again", or ""
    """

    seconds: float
    protocol: str
    source: int
    target: int
    flags: tuple[str, ...] = ()
    size: int = 0
    data: bytes = b""
    sequence: int = 0
    acknowledged: int = 0
    window: int = 0
    kind: str = ""

    @property
    def words(self) -> str:
        """What a picture says of it."""
        if self.protocol == "ICMP":
            return tr("ICMP: port unreachable")
        said = [self.protocol] if self.protocol == "UDP" else []
        said += [flag for flag in self.flags if flag != "ACK" or not self.size]
        if self.size or self.protocol == "UDP":
            said.append(_with_text(self.size, self.data))
        if self.protocol == "TCP" and not self.window and "RST" not in self.flags:
            said.append(tr("window 0"))
        if self.kind:
            said.append(f"({tr(self.kind)})")
        return " ".join(said)


def _with_text(size: int, data: bytes) -> str:
    number = trn("{number} byte", "{number} bytes", size)
    text = data.decode("ascii", "replace").rstrip("\r\n")
    return f"{number}: {text}" if size <= _SHOWN and text.isprintable() and text.isascii() and text else number


def read(caught: Sequence[tuple[float, bytes]]) -> list[Packet]:
    """What the headers say (RFC 791, RFC 9293, RFC 768); what is none of TCP, UDP and ICMP is left out."""
    found: list[Packet] = []
    sides: dict[tuple[int, int], _Side] = {}
    for at, content in caught:
        head, whole = (content[0] & 0xF) * 4, int.from_bytes(content[2:4])
        body, size = content[head:], whole - head
        seconds = at - caught[0][0]
        match content[9]:
            case socket.IPPROTO_TCP:
                found.append(_segment(seconds, body, size, sides))
            case socket.IPPROTO_UDP:
                source, target = struct.unpack_from("!HH", body)
                found.append(Packet(seconds, "UDP", source, target, (), size - 8, body[8:]))
            case socket.IPPROTO_ICMP:
                found.append(Packet(seconds, "ICMP", *_about(body)))
    return found


class _Side:
    """What one side of a connection has sent so far."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.next = 0
        self.window = 1


def _segment(seconds: float, body: bytes, size: int, sides: dict[tuple[int, int], _Side]) -> Packet:
    source, target, sequence, acknowledged, offset, bits, window = struct.unpack_from("!HHIIBBH", body)
    head = offset >> 4 << 2
    flags = tuple(name for bit, name in _FLAGS.items() if bits & bit)
    known = sides.get((source, target))
    if known is None or ("SYN" in flags and known.first != sequence):
        sides[source, target] = _Side(sequence)
    side, other = sides[source, target], sides.get((target, source))
    at = (sequence - side.first) & 0xFFFFFFFF
    length = size - head + ("SYN" in flags) + ("FIN" in flags)
    kind = ""
    if length and at + length <= side.next:
        kind = "again"
    elif not length and at + 1 == side.next and "RST" not in flags:  # nothing, from a byte before what comes next
        kind = "keepalive" if other is None or other.window else "window probe"
    side.next, side.window = max(side.next, at + length), window
    expects = (acknowledged - other.first) & 0xFFFFFFFF if other and "ACK" in flags else 0
    return Packet(
        seconds, "TCP", source, target, flags, size - head, body[head:][: size - head], at, expects, window, kind
    )


def _about(body: bytes) -> tuple[int, int]:
    """The ports of the packet that an ICMP error quotes, turned round: it goes back to who sent that."""
    quoted = body[8:]
    source, target = struct.unpack_from("!HH", quoted, (quoted[0] & 0xF) * 4)
    return target, source
