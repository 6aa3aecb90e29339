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
from typing import Any

from ..cell import linux
from ..cell.network import Network
from ..cell.sandbox import PRIVATE
from ..i18n import tr, trn
from ..reports import _fragment
from . import gathering
from .asking import Failure
from .child import NOTHING_LEFT, Interrupts, Stopped, readable
from .ladder import MOST_ROWS, as_svg, as_text
from .packets import Packet, read

MOST_PACKETS = 5000
"""How many packets are kept."""

_ETH_P_IP, _SOL_PACKET, _PACKET_STATISTICS, _SO_TIMESTAMPNS = 0x0800, 263, 6, 35  # Python 3.11 has none of these
_HEADERS = 60 + 60 + 64
"""How much of a packet is read: both headers at their longest, and the beginning of what it carries."""


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
        rows = [] if self.reason else as_text(self.packets)
        return "\n".join([*rows, *self._notes(), *([self.printed.rstrip("\n")] if self.printed else [])])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        drawn = "" if self.reason else as_svg(self.packets, f"socklab-{secrets.token_hex(4)}")
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        printed = f"<pre>{escape(self.printed)}</pre>" if self.printed else ""
        page = _fragment.small(f'<figure class="story">{drawn}</figure>{notes}{printed}', "report.css")
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
    with Interrupts() as interrupts:
        answer, reason = _answer_to(asked, interrupts)
    if not answer:
        raise Failure(tr("whoever was to catch the packets ended without a word ({reason}).", reason=reason))
    told = json.loads(answer)
    if refused := told.get("refused"):
        why = "No packets: they are caught in a private network, and this machine permits none ({reason}). Nothing was run."
        return Capture(reason=tr(why, reason=refused))
    packets = read([(at, bytes.fromhex(content)) for at, content in told["packets"]])
    return Capture(packets, printed=told["printed"], missed=told["missed"], finished=told["finished"])


def _answer_to(request: str, interrupts: Interrupts) -> tuple[str, str]:
    """What a process that catches answers to `request`, and if that is nothing, why. Raises Stopped after Ctrl-C."""
    with tempfile.TemporaryFile() as wanted, tempfile.TemporaryFile() as said:
        wanted.write(request.encode())
        wanted.seek(0)
        command = [sys.executable, "-P", "-m", __name__]
        process = subprocess.Popen(command, stdin=wanted, stdout=subprocess.PIPE, stderr=said, process_group=0)
        assert process.stdout
        out = process.stdout.fileno()
        parts: list[bytes] = []
        try:
            while not parts or parts[-1]:
                if interrupts.fileno() in readable([out, interrupts.fileno()], None):
                    interrupts.heard()
                    raise Stopped(tr(NOTHING_LEFT))
                parts.append(os.read(out, 1 << 16))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # Ctrl-C leaves nothing behind, nor do children of the code
            process.wait()
            process.stdout.close()
        said.seek(0)
        complaint = said.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        return b"".join(parts).decode(), complaint or str(process.returncode)


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
