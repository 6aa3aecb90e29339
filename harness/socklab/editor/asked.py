"""What a page asked for, read with suspicion, and how it is answered."""

import contextlib
import json
from collections.abc import AsyncGenerator
from typing import Any

import anyio
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ..i18n import tr
from .refusals import Refused


class Body:
    """The JSON object that came with a request."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """A text. Raises Refused if there is none, or none that could be written down."""
        value = self._values.get(name)
        if not isinstance(value, str):
            raise _wrong(name)
        try:
            value.encode()
        except UnicodeEncodeError as error:  # half of a pair of surrogates
            raise _wrong(name) from error
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Any number of texts; none if there is nothing of that name."""
        values = self._values.get(name, [])
        if not isinstance(values, list):
            raise _wrong(name)
        return tuple(Body({name: value}).text(name) for value in values)


async def body_of(request: Request) -> Body:
    """Raises Refused if it is no JSON object."""
    try:
        values = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise Refused(400, tr("what was sent is no JSON object.")) from error
    if not isinstance(values, dict):
        raise Refused(400, tr("what was sent is no JSON object."))
    return Body(values)


def _wrong(name: str) -> Refused:
    return Refused(400, tr("{name} is missing in what was sent, or is not what it should be.", name=repr(name)))


class Lines:
    """An answer in lines of JSON, each sent when it comes; it ends with whoever reads it."""

    def __init__(self, events: AsyncGenerator[dict[str, Any]]) -> None:
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all of them, or as many as are wanted."""
        headers = [(b"content-type", b"application/x-ndjson"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async with anyio.create_task_group() as group:

            async def until_nobody_reads() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                group.cancel_scope.cancel()

            group.start_soon(until_nobody_reads)
            async with contextlib.aclosing(self._events):
                async for event in self._events:
                    line = json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n"
                    await send({"type": "http.response.body", "body": line.encode(errors="replace"), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            group.cancel_scope.cancel()
