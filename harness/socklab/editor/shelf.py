"""Files of the page, and of the editor in it: found by exact name, compressed, and asked for anew only when they changed."""

import gzip
import hashlib
import os
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page")
ASSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assets")


class Piece(NamedTuple):
    """A file, ready to be sent."""

    content: bytes
    packed: bytes
    kind: str
    tag: str

    def answer(self, request: Request) -> Response:
        """What a browser is sent: nothing if it has this one."""
        headers = {"ETag": self.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=self.kind)
        return Response(self.content, headers=headers, media_type=self.kind)


def piece(content: bytes, suffix: str) -> Piece:
    """A file's content, ready to be sent."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return Piece(content, gzip.compress(content, 6, mtime=0), _TYPES[suffix], tag)


class Shelf:
    """The files of a folder that may be sent."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._pieces: dict[str, tuple[tuple[int, int], Piece]] = {}

    def get(self, path: str) -> Piece | None:
        """The file of that relative path; None if there is none that may be sent."""
        parts = path.split("/")
        suffix = os.path.splitext(path)[1]
        if suffix not in _TYPES or any(part[:1] in ("", ".") or "\\" in part or "\0" in part for part in parts):
            return None
        where = os.path.join(self._folder, *parts)
        if not os.path.isfile(where) or not os.path.realpath(where).startswith(os.path.realpath(self._folder) + os.sep):
            return None
        state = os.stat(where)
        sign = state.st_mtime_ns, state.st_size
        if path not in self._pieces or self._pieces[path][0] != sign:
            with open(where, "rb") as file:
                self._pieces[path] = sign, piece(file.read(), suffix)
        return self._pieces[path][1]
