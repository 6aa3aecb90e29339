"""The words between broker and runner: native/protocol.h, from the broker's side.

One request, one reply, each a single SOCK_SEQPACKET message. What a reply says is a claim; who believes it is decided
elsewhere.
"""

import struct
from typing import NamedTuple

(
    HELLO,
    LOAD,
    CALL,
    CLOSE,
    REOPEN,
    CATCH_SIGNAL,
    FILL,
    EMPTY,
    CALL_AT_ONCE,
    HAND_OVER,
    ALARM,
    BLOCK_SIGNAL,
    TIME_LIMIT,
) = range(13)
DONE, OTHER, RAISED, NOT_LOADED, NO_FUNCTION, BAD_SIGNATURE, CONFINED, SOCKET = range(8)
RAISED_OTHER, RAISED_OSERROR, RAISED_VALUE = range(3)

LARGEST = 1 << 17
LONGEST_TEXT = 8000

_REQUEST = struct.Struct("<IIiIII")
_REPLY = struct.Struct("<IIII")
_RESULT = struct.Struct("<qiI")


class Claim(NamedTuple):
    """What the runner says of one call: its value, errno after it (or that of an exception), and of what kind it was."""

    value: int
    error: int
    kind: int


class Reply(NamedTuple):
    """A runner's answer to one request."""

    token: int
    kind: int
    claims: tuple[Claim, ...]
    text: str


class Garbled(Exception):
    """The bytes are no reply: the submission wrote to the runner's descriptor."""


def pack(
    operation: int, token: int, *, calls: list[tuple[int, ...]] | None = None, error: int = 0, text: str = ""
) -> bytes:
    """A request; `calls` are argument lists of equal length, `error` is errno on entry of each."""
    calls = calls or []
    argc = len(calls[0]) if calls else 0
    encoded = text.encode()
    flat = [value for arguments in calls for value in arguments]
    head = _REQUEST.pack(operation, token, error, argc, len(calls), len(encoded))
    return head + struct.pack(f"<{len(flat)}q", *flat) + encoded


def unpack(message: bytes) -> Reply:
    """Read a reply.

    Raises Garbled for anything that is not exactly one.
    """
    if len(message) < _REPLY.size:
        raise Garbled(f"{len(message)} bytes are too few")
    token, kind, count, length = _REPLY.unpack_from(message)
    if len(message) != _REPLY.size + count * _RESULT.size + length or kind > SOCKET:
        raise Garbled(f"{len(message)} bytes, kind {kind}, {count} results, {length} bytes of text do not fit")
    body = _REPLY.size + count * _RESULT.size
    claims = tuple(Claim(*fields) for fields in _RESULT.iter_unpack(message[_REPLY.size : body]))
    return Reply(token, kind, claims, message[body:].decode("utf-8", "replace")[:LONGEST_TEXT])
