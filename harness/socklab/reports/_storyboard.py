"""The recorded calls of a failed check as a picture: learner, kernel and listener as three lanes, time running down.

What went over the wire follows from a call and its result (RFC 9293): the recorder sees calls, not packets. What the
harness made itself is marked as arranged. A descriptor is a line from the call that made it to the one that closed it;
one whose close() was not recorded has no end. That it is open is only said where the check has seen it: dup2(2) closes too.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ..i18n import centred, columns, cut, padded, tr, trn
from ..model import CheckResult, RecordedCall
from . import _svg

MOST_STEPS = 16
"""How many calls a picture shows, the last ones: what led to the outcome stands at the end."""

_LONGEST_PERIOD = 8

LONG = 0.1
"""Seconds from which a call counts as waiting, and its row says so: next to a millisecond all else is an instant."""

_NO_PACKET = ("EACCES", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "EINVAL", "EPERM", "ENETDOWN", "EHOSTDOWN")


_ACCEPT = ("accept", "accept4")
_RECEIVE = ("recv", "recvfrom", "recvmsg", "read")


class Wire(NamedTuple):
    """One packet, or a note between kernel and listener. `way`: 1 to the listener, -1 from it, 0 for a note."""

    way: int
    words: str


class Step(NamedTuple):
    """One call, with what it led to."""

    call: RecordedCall
    asks: str  # the call itself
    answer: str  # its result
    wire: tuple[Wire, ...]
    waits: str  # how long, where that is long


class Descriptor(NamedTuple):
    """The life of one descriptor, in numbers of steps. `closed` None: no close() of it was recorded."""

    number: int
    opened: int
    closed: int | None
    seen_open: bool  # whether the check has found it open afterwards


class Story(NamedTuple):
    """All that is drawn."""

    steps: tuple[Step, ...]
    descriptors: tuple[Descriptor, ...]
    left_out: int
    repeated: str  # what the last steps did over and over; "" if they did not
    several: bool  # whether several threads or processes made the calls


def story(check: CheckResult) -> Story | None:
    """What a failed check's recording tells; None if nothing was recorded."""
    if not check.calls:
        return None
    calls, period, times = _folded(check.calls)
    shown = calls[-MOST_STEPS:]
    left_out = check.calls_left_out + len(calls) - len(shown)
    steps: list[Step] = []
    datagram: set[int] = set()
    connected: set[int] = set()
    abrupt: set[int] = set()  # close() is to tear them down (SO_LINGER of 0 seconds, socket(7))
    for call in shown:
        asks, _, answer = call.text.partition(" = ")
        if call.name == "socket" and "AF_INET" in call.text and "SOCK_DGRAM" in call.text:
            datagram.add(call.descriptor)
        if call.name == "setsockopt" and call.result == 0 and " SO_LINGER, " in call.text:
            (abrupt.add if " SO_LINGER, 0 s)" in call.text else abrupt.discard)(call.descriptor)
        farewell = "RST" if call.descriptor in abrupt else "FIN"
        wire = _wire(call, call.descriptor in datagram, call.descriptor in connected, farewell)
        opened = call.name == "connect" and call.result == 0 and call.descriptor not in datagram
        if opened or (call.name in _ACCEPT and call.result >= 0):
            connected.add(call.descriptor)
        if call.name == "close" and call.result == 0:
            for some in (connected, datagram, abrupt):
                some.discard(call.descriptor)
        if call.seconds is None:
            asks, answer = asks.partition(" … ")[0], tr("never came back")
        steps.append(Step(call, asks, answer, wire, _waits(call, ended="was ended by" in check.got)))
    repeated = ""
    if times > 1:
        one, many = "… this call, {times} times over", "… these {number} calls, {times} times over"
        repeated = trn(one, many, period, times=times)
    serves = any(call.name in ("listen", *_ACCEPT) for call in check.calls)
    lives = (
        () if serves else _descriptors(shown, check.got)
    )  # a server is ended while its sockets are open, as it should have them
    return Story(tuple(steps), lives, left_out, repeated, any(call.by for call in shown))


def _folded(calls: Sequence[RecordedCall]) -> tuple[Sequence[RecordedCall], int, int]:
    """The calls without the repetitions at their end; how many calls were repeated, and how often they were made."""
    texts = [call.text for call in calls]
    for period in range(1, _LONGEST_PERIOD + 1):
        times = 1
        while texts[-period:] == texts[-period * (times + 1) : -period * times]:
            times += 1
        if times > 2:
            return calls[: len(calls) - period * (times - 1)], period, times
    return calls, 0, 1


def _waits(call: RecordedCall, *, ended: bool) -> str:
    if call.seconds is None and ended:
        return tr("the program ends here")
    if call.seconds is None:
        return tr("waits until it is ended")
    return tr("waits {seconds} s", seconds=f"{call.seconds:.2g}") if call.seconds >= LONG else ""


def _wire(call: RecordedCall, datagram: bool, connected: bool, farewell: str) -> tuple[Wire, ...]:
    """What a call puts on the wire, and what comes back; `farewell`: with what close() ends a connection."""
    if call.arranged and call.name != "close":
        return (Wire(0, tr("made by the recorder")),)
    if call.name == "connect" and datagram:
        return (Wire(0, tr("UDP: nothing is sent")),)
    if call.name == "connect":
        return _handshake(call)
    if call.name in _ACCEPT and call.result >= 0:
        return (Wire(-1, tr("a client")),)
    if call.name in _RECEIVE and connected and call.result == 0:
        return (Wire(-1, "FIN"),)
    if call.error == "ECONNRESET" and connected:
        return (Wire(-1, "RST"),)
    if call.name == "close" and connected and call.result == 0:
        return (Wire(1, farewell),)
    if call.name == "shutdown" and connected and call.result == 0:
        return (Wire(1, "FIN"),)
    if call.name in ("send", "sendto", "sendmsg", "write") and call.result > 0:
        return (Wire(1, _bytes(call.result)),)
    if call.name in _RECEIVE and call.result > 0:
        return (Wire(-1, _bytes(call.result)),)
    return ()


def _bytes(number: int) -> str:
    return tr("{number} bytes", number=number)


def _handshake(call: RecordedCall) -> tuple[Wire, ...]:
    if not call.peer:
        return ()
    if call.seconds is None:
        return (Wire(1, "SYN"), Wire(0, tr("no answer")))
    if call.result == 0:
        return Wire(1, "SYN"), Wire(-1, "SYN+ACK"), Wire(1, "ACK")
    if call.error == "ECONNREFUSED":
        return Wire(1, "SYN"), Wire(-1, "RST")
    if call.error == "EINPROGRESS":
        return Wire(1, "SYN"), Wire(0, tr("under way"))
    if call.error in _NO_PACKET:
        return (Wire(0, tr("no packet leaves")),)
    return ()


def _descriptors(calls: Sequence[RecordedCall], got: str) -> tuple[Descriptor, ...]:
    left = re.findall(r"\bdescriptor (\d+) \(", got) if got.endswith(" still open") else []
    open_now: dict[int, int] = {}
    lives: list[Descriptor] = []
    for number, call in enumerate(calls):
        made = call.name in ("socket", "accept", "accept4", "dup") and call.result >= 0
        if made and call.seconds is not None:  # one that never came back has made nothing
            open_now[call.descriptor] = number
        elif call.name == "close" and call.result == 0 and call.descriptor in open_now:
            lives.append(Descriptor(call.descriptor, open_now.pop(call.descriptor), number, seen_open=False))
    lives += [Descriptor(number, opened, None, str(number) in left) for number, opened in open_now.items()]
    return tuple(sorted(lives, key=lambda life: life.opened))


# -- plain text ------------------------------------------------------------------------------------------------------

_CALLS, _GAP = 44, 20


def as_text(told: Story) -> list[str]:
    """The story in lines of at most 76 characters: call, kernel's bar, wire, listener's bar."""
    code, kernel, other = tr("your code"), tr("kernel"), tr("other end")
    room = " " * (_GAP + 8 - columns(kernel) - columns(other))
    rows = [f"{padded(code, _CALLS)} {kernel}{room}{other}"]
    if told.left_out:
        rows.append(f"{padded(_earlier(told), _CALLS + 3)}│")
    for step in told.steps:
        where = _place(step.call)
        wires = list(step.wire)
        first, second = (wires[0] if wires else None), (wires[1] if len(wires) > 1 else None)
        left = f"{padded(where, 9)} {step.asks}"
        rows.append(_row(_cut(left, _CALLS), "──▶", first))
        mark = "  " + tr("(arranged)") if step.call.arranged else ""
        answer = step.answer.removesuffix("(arranged)").rstrip() if mark else step.answer
        answer = f"{'':<9} = {answer}{mark}" if step.call.seconds is not None else f"{'':<9} {answer}"
        rows.append(_row(_cut(answer, _CALLS), "◀──" if step.call.seconds is not None else "   ", second))
        rows += [_row("", "   ", wire) for wire in wires[2:]]
        if step.waits:
            rows.append(_row(f"{'':<9} ≈ {step.waits}", "   ", None))
    if told.repeated:
        rows.append(f"{padded(told.repeated, _CALLS + 3)}│")
    if told.several:
        rows.append(f"{'':<9} {_others()}")
    for life in told.descriptors:
        if life.closed is None:
            rows.append(f"{'':<9} ┃ {_still_open(life)}")
    return [row.rstrip() for row in rows]


def _place(call: RecordedCall) -> str:
    line = tr("line {line}", line=call.line) if call.line else ""
    return f"{line} #{call.by + 1}" if call.by else line


def _others() -> str:
    return tr("#2 and so on: calls of its other threads and processes")


def _row(left: str, arrow: str, wire: Wire | None) -> str:
    between = ""
    if wire:
        words = f" {wire.words} "
        line = centred(words, _GAP, "─")
        between = {1: f"{line}▶", -1: f"◀{line}", 0: centred(wire.words, _GAP + 1)}[wire.way]
    left = padded(left, _CALLS)
    return f"{left}{arrow}│{padded(between, _GAP + 1)}│" if between else f"{left}{arrow}│"


def _cut(text: str, width: int) -> str:
    return text if columns(text) <= width else cut(text, width - 1) + "…"


def _earlier(told: Story) -> str:
    return tr("… {number} earlier calls", number=told.left_out)


def _still_open(life: Descriptor) -> str:
    if life.seen_open:
        return tr("descriptor {number} is still open", number=life.number)
    return tr("no close({number}) was recorded", number=life.number)


# -- SVG -------------------------------------------------------------------------------------------------------------

_WIDTH, _LEARNER, _KERNEL, _LISTENER = 400, 34, 250, 378
_TOP, _LINE = 34, 17
_WIDEST = 31  # characters between the first two lanes


def as_svg(told: Story, name: str) -> str:
    """The story as an SVG element that takes its colours from the page; `name` makes its ids unlike those of others."""
    parts: list[str] = []
    y = _TOP
    tops: list[int] = []
    if told.left_out:
        parts.append(_svg.text(_LEARNER + 10, y, _earlier(told), "quiet"))
        y += _LINE + 4
    for step in told.steps:
        tops.append(y)
        drawn, height = _drawn_step(step, y)
        parts.append(drawn)
        y += height
    if told.repeated:
        parts.append(_svg.text(_LEARNER + 10, y, told.repeated, "quiet"))
        y += _LINE
    if told.several:
        parts.append(_svg.text(_LEARNER + 10, y, _others(), "quiet"))
        y += _LINE
    bottom = y + 10
    lanes = "".join(
        f'<text class="lane" x="{x}" y="14" text-anchor="{anchor}">{escape(words)}</text>'
        f'<line class="life" x1="{at}" x2="{at}" y1="20" y2="{bottom}"/>'
        for x, at, anchor, words in (
            (2, _LEARNER, "start", tr("your code")),
            (_KERNEL, _KERNEL, "middle", tr("kernel")),
            (_WIDTH - 2, _LISTENER, "end", tr("other end")),
        )
    )
    lives = "".join(_drawn_life(life, slot, tops, bottom) for slot, life in enumerate(told.descriptors))
    leaks = [life.number for life in told.descriptors if life.closed is None]
    height = bottom + (20 if leaks else 4)
    title = tr("What your code, the kernel and the other end did")
    return (
        f'<svg role="group" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        f' aria-labelledby="{name}"><title id="{name}">{escape(title)}</title>'
        f'<g aria-hidden="true">{lanes}</g>{"".join(parts)}{lives}</svg>'
    )


def _drawn_step(step: Step, y: int) -> tuple[str, int]:
    call = step.call
    line = f' data-line="{call.line}"' if call.line else ""
    kind = "step arranged" if call.arranged else "step"
    rows = max(2, len(step.wire)) + bool(step.waits)
    height = rows * _LINE + 10
    label = (f"{call.line}" if call.line else "") + (f"#{call.by + 1}" if call.by else "")
    label += ": " if label else ""
    drawn = [
        f'<rect class="back" x="{_LEARNER}" y="{y - 12}" width="{_WIDTH - _LEARNER}" height="{height - 2}"/>',
        _svg.text(_LEARNER + 8, y, _cut(label + step.asks, _WIDEST), "asks"),
        _svg.arrow(_LEARNER, _KERNEL, y + 4),
        _svg.text(
            _LEARNER + 14, y + _LINE, _cut(("= " if call.seconds is not None else "") + step.answer, _WIDEST), "answer"
        ),
    ]
    if call.seconds is not None:
        drawn.append(_svg.arrow(_KERNEL, _LEARNER, y + _LINE + 4, "back-arrow"))
    if step.waits:
        drawn.append(_zigzag(_LEARNER, y + 2 * _LINE - 6))
        drawn.append(_svg.text(_LEARNER + 14, y + 2 * _LINE, step.waits, "waits"))
    for number, wire in enumerate(step.wire):
        at = y + number * _LINE
        drawn.append(_svg.text((_KERNEL + _LISTENER) // 2, at, wire.words, "wire", "middle"))
        if wire.way:
            drawn.append(_svg.arrow(*((_KERNEL, _LISTENER) if wire.way > 0 else (_LISTENER, _KERNEL)), at + 4))
    named = tr("line {line}: {what}", line=call.line, what=call.text) if call.line else call.text
    told = ", ".join(filter(None, (named, step.waits, *(w.words for w in step.wire))))
    words = escape(told)
    return f'<g class="{kind}" role="img" tabindex="0"{line}><title>{words}</title>{"".join(drawn)}</g>', height


def _drawn_life(life: Descriptor, slot: int, tops: Sequence[int], bottom: int) -> str:
    x = 24 - 6 * (slot % 4)
    begin = tops[life.opened] + _LINE
    if life.closed is not None:
        end = tops[life.closed] + 4
        return f'<path class="descriptor" d="M{x} {begin}V{end}m-3 0h6"/>'
    arrow = f"M{x} {begin}V{bottom + 4}m-3 -5l3 5l3 -5"
    return f'<path class="descriptor leak" d="{arrow}"/>' + _svg.text(x + 8, bottom + 8, _still_open(life), "leaked")


def _zigzag(x: int, y: int) -> str:
    return f'<path class="zigzag" d="M{x} {y - 6}l-4 3l8 4l-8 4l8 4l-4 3"/>'
