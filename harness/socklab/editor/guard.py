"""Who may ask for anything: an ASGI application around the other one, which lets nothing else through.

The server runs code, so no web site that the learner visits may drive it. A site can have a browser send requests here, under its own
name or under one that it lets point to this machine (DNS rebinding), from a form, a script or a frame; and other users of this
machine can connect to it. Hence, before anything is done: Host and Origin are exactly ours; what does something needs a token that is
in no cookie, since those would go to every server on this machine; bodies are JSON, which no form sends; and no answer permits anything
to another origin.
"""

import json
import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..i18n import tr
from .refusals import Refused

SCHEME = "Socklab"
"""Of the Authorization header: a scheme of our own, since a proxy before us may use any other for itself."""

LARGEST = 4 << 20
"""Bytes of a body: the largest submission, as JSON may write it."""

_DRAINED = 16 << 20
"""Bytes of a body that are read and dropped, so that its sender reads why; of more the connection is closed."""

_READING = ("GET", "HEAD")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer."""

DEFAULTS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise."""


class Address(NamedTuple):
    """What a browser calls this server. `host`: what its Host header has to be; "" behind a proxy, which answers for that."""

    host: str

    def trouble(self, headers: Headers) -> Refused | None:
        """Why a request is not for us, or not from our own pages."""
        hosts = headers.getlist("host")
        if self.host and hosts != [self.host]:
            return Refused(421, tr("this server is http://{host}/ and answers to no other name.", host=self.host))
        origins = headers.getlist("origin")
        if origins and not (len(origins) == 1 and self._is_ours(origins[0], headers)):
            return Refused(403, tr("another web site asked for this; only this server's own page may."))
        return None

    def _is_ours(self, origin: str, headers: Headers) -> bool:
        if self.host:
            return origin == f"http://{self.host}"
        found = urlsplit(origin)
        outer = headers.get("x-forwarded-host") or headers.get("host") or ""
        return found.scheme in ("http", "https") and bool(found.netloc) and found.netloc == outer.split(",")[0].strip()


class Guard:
    """Refuses what may not be asked for, and puts on every answer what keeps browsers from using it otherwise."""

    def __init__(self, app: ASGIApp, address: Address, token: str) -> None:
        self._app = app
        self._address = address
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.update(HEADERS)
                for name, value in DEFAULTS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        try:
            refused = self._address.trouble(headers)
            if refused is None and not _is_open(scope):
                refused = self._trouble(scope["method"], headers)
            if scope["method"] not in _READING:
                receive = await _whole(receive, headers, refused)
            if refused:
                raise refused
        except Refused as error:
            await say(guarded, error)
        else:
            await self._app(scope, receive, guarded)

    def _trouble(self, method: str, headers: Headers) -> Refused | None:
        """Why somebody may not do anything here."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return Refused(403, tr("another web site asked for this; only this server's own page may."))
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != SCHEME or not secrets.compare_digest(token.encode(), self._token):
            return Refused(
                401, tr("the token is missing or an old one; open the address that `socklab serve` printed.")
            )
        if method not in _READING and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Refused(415, tr("what is sent here has to be JSON, with Content-Type: application/json."))
        return None


def _is_open(scope: Scope) -> bool:
    """Whether anybody may have it: the page and its parts hold no secret, and do nothing."""
    return scope["method"] in _READING and (scope["path"] == "/" or scope["path"].startswith(("/static/", "/assets/")))


async def _whole(receive: Receive, headers: Headers, refused: Refused | None) -> Receive:
    """The body, read to its end, for somebody else to receive. Raises Refused if it is too large.

    `refused`: the answer, if it is a refusal anyway. Whoever is still sending may take a connection that is closed meanwhile for an
    error, and never read why; so the body is read then too, and dropped.
    """
    too_large = Refused(413, tr("{number} bytes are the most that can be sent here.", number=f"{LARGEST:,}"))
    answer = refused or too_large
    declared = headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > _DRAINED:
        raise answer
    size, parts = 0, []
    while True:
        message = await receive()
        if message["type"] != "http.request":  # gone before all was sent; nobody reads the answer
            raise answer
        size += len(message.get("body", b""))
        if size <= LARGEST and not refused:
            parts.append(message.get("body", b""))
        if size > _DRAINED or not message.get("more_body", False):
            break
    if size > LARGEST:
        raise answer
    waiting = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def say(send: Send, error: Refused) -> None:
    """Answer with a refusal. The connection is not used again: what was sent may not have been read."""
    body = json.dumps({"error": error.sentence, **error.more}).encode()
    headers: dict[str, str] = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    if error.status == 401:
        headers["WWW-Authenticate"] = SCHEME
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
