"""Packets of a conversation, as the kernel of a network of its own saw them, and a picture of them.

Strategy: a process enters a private network, where nobody else talks, opens a packet socket on lo (packet(7)) and lets the
code run in a further process. What that process sent and received is read from the headers alone. A machine that permits no
private network gives a capture without packets that says so: then nothing was run.
"""

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from ..cell import linux
from ..cell.network import Network
from ..cell.sandbox import PRIVATE
from ..i18n import centred, cut, padded, tr, trn
from . import fragment, gathering
from .asking import Failure

MOST_PACKETS = 5000
"""How many packets are kept."""

MOST_ROWS = 40
"""How many a picture shows, the first ones."""

LONG = 0.1
"""Seconds of silence from which on a picture shows them."""

_FLAGS = {0x02: "SYN", 0x01: "FIN", 0x04: "RST", 0x10: "ACK"}
_SHOWN = 16  # bytes of a text that are shown
_ETH_P_IP, _SOL_PACKET, _PACKET_STATISTICS, _SO_TIMESTAMPNS = 0x0800, 263, 6, 35  # Python 3.11 has none of these
_HEADERS = 60 + 60 + 64
"""How much of a packet is read: both headers at their longest, and the beginning of what it carries."""


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


class Capture:
    """What was caught. In a notebook it shows itself as a picture.

    packets   in the order in which they arrived
    printed   what the code printed, error messages and all
    reason    why nothing was run; "" if it was
    missed    how many packets passed that were not kept
    finished  whether the code came to its end in time
    """

    def __init__(
        self,
        packets: Sequence[Packet] = (),
        *,
        printed: str = "",
        reason: str = "",
        missed: int = 0,
        finished: bool = True,
    ) -> None:
        self.packets = tuple(packets)
        self.printed = printed
        self.reason = reason
        self.missed = missed
        self.finished = finished

    def __repr__(self) -> str:
        rows = [] if self.reason else _as_text(self.packets)
        return "\n".join([*rows, *self._notes(), *([self.printed.rstrip("\n")] if self.printed else [])])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        drawn = "" if self.reason else _as_svg(self.packets, f"socklab-{secrets.token_hex(4)}")
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        printed = f"<pre>{escape(self.printed)}</pre>" if self.printed else ""
        page = fragment.small(f'<figure class="story">{drawn}</figure>{notes}{printed}', "report.css")
        return {"text/html": page, "text/plain": repr(self)}

    def _notes(self) -> Iterator[str]:
        if self.reason:
            yield self.reason
            return
        more = len(self.packets) - MOST_ROWS
        if more > 0:
            yield trn("… and {number} packet more", "… and {number} packets more", more)
        if self.missed:
            yield trn("{number} packet was not kept", "{number} packets were not kept", self.missed)
        if not self.finished:
            yield tr("the code was ended before it had come to its end")


def record(code: str | Callable[[], object], *, seconds: float = 30) -> Capture:
    """Run Python code in a private network and catch the packets of its loopback.

    code      source, or a function of the notebook, which is taken along with all that it uses
    seconds   after which the code is ended

    Raises UsageError for a function that cannot be taken along.
    """
    if not isinstance(code, str):
        name = code.__name__
        code = f"{gathering.gathered(code, name)}\n\n{name}()\n"
    asked = json.dumps({"code": textwrap.dedent(code), "seconds": seconds})
    command = [sys.executable, "-P", "-m", __name__]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    )
    try:
        answer, complaint = process.communicate(asked)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # Ctrl-C leaves nothing behind, nor do children of the code
        process.wait()
    if not answer:
        reason = complaint.strip().rpartition("\n")[2] or str(process.returncode)
        raise Failure(tr("whoever was to catch the packets ended without a word ({reason}).", reason=reason))
    told = json.loads(answer)
    if refused := told.get("refused"):
        why = "No packets: they are caught in a private network, and this machine permits none ({reason}). Nothing was run."
        return Capture(reason=tr(why, reason=refused))
    packets = _read([(at, bytes.fromhex(content)) for at, content in told["packets"]])
    return Capture(packets, printed=told["printed"], missed=told["missed"], finished=told["finished"])


# -- from bytes to packets -------------------------------------------------------------------------------------------


def _read(caught: Sequence[tuple[float, bytes]]) -> list[Packet]:
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


# -- pictures --------------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """One packet in a picture. `client`: the port of whoever spoke first; `silence`: seconds before it, where that is long."""

    packet: Packet
    client: int
    server: int
    silence: float

    @property
    def outward(self) -> bool:
        """Whether it goes to the server."""
        return self.packet.source == self.client


def _rows(packets: Sequence[Packet]) -> list[_Row]:
    found: list[_Row] = []
    servers: dict[frozenset[int], int] = {}
    before = 0.0
    for packet in packets[:MOST_ROWS]:
        ends = frozenset((packet.source, packet.target))
        server = servers.setdefault(ends, packet.target)
        client = packet.source if server == packet.target else packet.target
        silence = packet.seconds - before
        found.append(_Row(packet, client, server, silence if silence >= LONG else 0.0))
        before = packet.seconds
    return found


def _quiet(seconds: float) -> str:
    return tr("{seconds} s of silence", seconds=f"{seconds:.1f}")


_ARROW = 36


def _as_text(packets: Sequence[Packet]) -> list[str]:
    """A line a packet, of at most 60 characters."""
    lines = [f"  {padded(tr('client'), 6)}{'':{_ARROW}}{tr('server')}"]
    for row in _rows(packets):
        if row.silence:
            lines.append(f"{'':8}{centred(f'≈ {_quiet(row.silence)}', _ARROW - 1)}".rstrip())
        line = centred(f" {cut(row.packet.words, _ARROW - 6)} ", _ARROW - 2, "─")
        arrow = f"{line}▶" if row.outward else f"◀{line}"
        lines.append(f"  {row.client:5} {arrow} {row.server}")
    return lines if packets else [tr("no packet passed")]


_WIDTH, _LEFT, _RIGHT, _TOP, _LINE = 460, 60, 400, 36, 21


def _as_svg(packets: Sequence[Packet], name: str) -> str:
    """The same as an SVG element, in the style of a report's storyboard."""
    if not packets:
        return f"<p>{escape(tr('no packet passed'))}</p>"
    parts: list[str] = []
    y = _TOP
    for row in _rows(packets):
        if row.silence:
            parts.append(_text((_LEFT + _RIGHT) // 2, y + 2, f"≈ {_quiet(row.silence)}", "quiet", "middle"))
            y += _LINE
        start, end = (_LEFT, _RIGHT) if row.outward else (_RIGHT, _LEFT)
        back = -5 if row.outward else 5
        kind = "arrow" if row.outward else "back-arrow"
        parts.append(_text((_LEFT + _RIGHT) // 2, y, row.packet.words, "wire", "middle"))
        parts.append(f'<path class="{kind}" d="M{start} {y + 4}H{end}m{back} -3L{end} {y + 4}l{back} 3"/>')
        parts.append(_text(_LEFT - 6, y + 8, str(row.client), "quiet", "end"))
        parts.append(_text(_RIGHT + 6, y + 8, str(row.server), "quiet"))
        y += _LINE
    lanes = "".join(
        _text(x, 14, words, "lane", "middle") + f'<line class="life" x1="{x}" x2="{x}" y1="20" y2="{y}"/>'
        for x, words in ((_LEFT, tr("client")), (_RIGHT, tr("server")))
    )
    said = trn("{number} packet on the wire", "{number} packets on the wire", len(packets))
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {y + 4}" width="{_WIDTH}" height="{y + 4}" aria-labelledby="{name}">'
        f'<title id="{name}">{escape(said)}</title>{lanes}{"".join(parts)}</svg>'
    )


def _text(x: int, y: int, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


# -- the process that catches ----------------------------------------------------------------------------------------


def _catch() -> None:
    """Answer one request of `record`, on standard output."""
    linux.die_with_parent(signal.SIGKILL)
    asked = json.load(sys.stdin)
    try:
        Network(PRIVATE, 1).open()
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_IP))
        tap.bind(("lo", _ETH_P_IP))
    except OSError as error:
        json.dump({"refused": error.strerror}, sys.stdout)
        return
    tap.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as source:
        source.write(asked["code"].encode())
        source.seek(0)
        process = subprocess.Popen([sys.executable, "-P", "-u", "-"], stdin=source, stdout=said, stderr=said)
        packets, finished = _until_the_end(process, tap, asked["seconds"])
        process.kill()
        process.wait()
        said.seek(0)
        printed = said.read(65536).decode("utf-8", "replace")
    passed, _ = struct.unpack("II", tap.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
    kept = [(at, content.hex()) for at, content in packets]
    told = {"packets": kept, "printed": printed, "missed": passed - len(kept), "finished": finished}
    json.dump(told, sys.stdout)


def _until_the_end(
    process: "subprocess.Popen[bytes]", tap: socket.socket, seconds: float
) -> tuple[list[tuple[float, bytes]], bool]:
    """All packets until the process ends or its time is over, and whether it ended."""
    packets: list[tuple[float, bytes]] = []
    end, clock = os.pidfd_open(process.pid), linux.timer(seconds)
    poll = select.poll()
    for each in (tap.fileno(), end, clock):
        poll.register(each, select.POLLIN)
    while True:
        ready = {fd for fd, _ in poll.poll()}
        packets += _waiting(tap)  # after the end too: what was sent before it lies ready
        if ready & {end, clock}:
            os.close(end)
            os.close(clock)
            return packets[:MOST_PACKETS], end in ready


def _waiting(tap: socket.socket) -> Iterator[tuple[float, bytes]]:
    """What lies ready, each with the moment at which the kernel had it."""
    while True:
        try:
            content, extra, _, _ = tap.recvmsg(_HEADERS, 64, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        whole, parts = struct.unpack("ll", extra[0][2])
        yield whole + parts / 1e9, content


if __name__ == "__main__":
    _catch()
