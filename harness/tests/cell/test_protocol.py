"""Words between broker and runner: whatever bytes come, they are a reply or Garbled, never another error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socklab.cell import protocol


@given(st.binary(max_size=400))
def test_any_bytes_are_a_reply_or_garbled(message: bytes) -> None:
    """A submission may write anything to the runner's descriptor."""
    try:
        reply = protocol.unpack(message)
    except protocol.Garbled:
        return
    assert len(message) == 16 + 16 * len(reply.claims) + int.from_bytes(message[12:16], "little")


def test_a_reply_that_promises_more_than_it_holds_is_garbled() -> None:
    """Counts are held against the bytes that came."""
    head = (7).to_bytes(4, "little") + bytes(4) + (3).to_bytes(4, "little") + bytes(4)
    with pytest.raises(protocol.Garbled):
        protocol.unpack(head + bytes(16))
    assert len(protocol.unpack(head + bytes(48)).claims) == 3
