"""A picture of packets: client and server as two lanes, time running down, in the style of a report's storyboard."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ..i18n import centred, cut, padded, tr, trn
from ..reports import _svg
from .packets import Packet

MOST_ROWS = 40
"""How many packets a picture shows, the first ones."""

LONG = 0.1
"""Seconds of silence from which on a picture shows them."""


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


def as_text(packets: Sequence[Packet]) -> list[str]:
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


def as_svg(packets: Sequence[Packet], name: str) -> str:
    """The same as an SVG element, in the style of a report's storyboard."""
    if not packets:
        return f"<p>{escape(tr('no packet passed'))}</p>"
    parts: list[str] = []
    y = _TOP
    for row in _rows(packets):
        if row.silence:
            parts.append(_svg.text((_LEFT + _RIGHT) // 2, y + 2, f"≈ {_quiet(row.silence)}", "quiet", "middle"))
            y += _LINE
        start, end = (_LEFT, _RIGHT) if row.outward else (_RIGHT, _LEFT)
        parts.append(_svg.text((_LEFT + _RIGHT) // 2, y, row.packet.words, "wire", "middle"))
        parts.append(_svg.arrow(start, end, y + 4, "arrow" if row.outward else "back-arrow"))
        parts.append(_svg.text(_LEFT - 6, y + 8, str(row.client), "quiet", "end"))
        parts.append(_svg.text(_RIGHT + 6, y + 8, str(row.server), "quiet"))
        y += _LINE
    lanes = "".join(
        _svg.text(x, 14, words, "lane", "middle") + f'<line class="life" x1="{x}" x2="{x}" y1="20" y2="{y}"/>'
        for x, words in ((_LEFT, tr("client")), (_RIGHT, tr("server")))
    )
    said = trn("{number} packet on the wire", "{number} packets on the wire", len(packets))
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {y + 4}" width="{_WIDTH}" height="{y + 4}" aria-labelledby="{name}">'
        f'<title id="{name}">{escape(said)}</title>{lanes}{"".join(parts)}</svg>'
    )
