"""What can be asked for: the page and its parts, which know no secret, and below /api/ what the page does."""

from collections.abc import AsyncGenerator, Callable
from typing import ParamSpec, TypeVar

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..errors import SocklabError
from ..i18n import tr
from . import told
from .asked import Body, Lines, body_of
from .attempts import Attempts
from .deeds import grading, replaying
from .desk import Desk
from .differences import rows
from .files import Entry, as_text
from .page import PageMaker
from .refusals import Refused, reported
from .runs import Deed, Event
from .shelf import ASSETS, PAGE, Shelf, piece

_P = ParamSpec("_P")
_T = TypeVar("_T")


def application(desk: Desk, *, token_in_page: str = "", on_page: Callable[[], None] | None = None) -> Starlette:
    """All of it, without a guard.

    token_in_page  for pages that nobody else can get
    on_page        is called when the page is asked for
    """
    app = _App(desk, token_in_page, on_page)
    refusals = {Refused: _refused, SocklabError: _failed, HTTPException: _unknown, Exception: _own_fault}
    return Starlette(routes=app.routes(), exception_handlers=refusals, lifespan=desk.open)  # type: ignore[arg-type]


class _App:
    def __init__(self, desk: Desk, token_in_page: str, on_page: Callable[[], None] | None) -> None:
        self._desk = desk
        self._on_page = on_page
        self._page = PageMaker(token_in_page)
        self._static, self._assets = Shelf(PAGE), Shelf(ASSETS)
        self._sheet = piece(told.sheet().encode(), ".css")

    def routes(self) -> list[Route]:
        """What is asked for by which address."""
        file = "/api/files/{slug}/{lang}"
        return [
            Route("/", self._index),
            Route("/static/report.css", self._report_sheet),
            Route("/static/{path:path}", self._shelved(self._static)),
            Route("/assets/{path:path}", self._shelved(self._assets)),
            Route("/api/exercises", self._exercises),
            Route("/api/exercises/{slug}", self._exercise),
            Route(file, self._file),
            Route(file, self._save, methods=["PUT"]),
            Route(file + "/attempts/{id}", self._attempt),
            Route(file + "/diff", self._diff, methods=["POST"]),
            Route("/api/changes", self._changes),
            Route("/api/runs", self._run, methods=["POST"]),
            Route("/api/runs/{id}/stop", self._stop, methods=["POST"]),
            Route("/api/replays", self._replay, methods=["POST"]),
        ]

    # -- the page and its parts ----------------------------------------------------------------------------------------

    def _index(self, _: Request) -> Response:
        if self._on_page:
            self._on_page()
        return self._page.answer()

    async def _report_sheet(self, request: Request) -> Response:
        return self._sheet.answer(request)

    def _shelved(self, shelf: Shelf) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            found = shelf.get(request.path_params["path"])
            if found is None:
                raise HTTPException(404)
            return found.answer(request)

        return answer

    # -- exercises and files -------------------------------------------------------------------------------------------

    async def _exercises(self, _: Request) -> Response:
        return JSONResponse(await _in_thread(told.exercises, self._desk.folder, self._desk.entries))

    async def _exercise(self, request: Request) -> Response:
        exercise = self._desk.exercise(request.path_params["slug"])
        return JSONResponse(await _in_thread(told.exercise, exercise))

    async def _file(self, request: Request) -> Response:
        return JSONResponse(await _in_thread(told.file, self._entry(request), self._desk.folder))

    def _entry(self, request: Request) -> Entry:
        return self._desk.entry(request.path_params["slug"], request.path_params["lang"])

    async def _save(self, request: Request) -> Response:
        entry = self._entry(request)
        _, version = await self._saved(entry, await body_of(request))
        return JSONResponse({"version": version})

    async def _saved(self, entry: Entry, body: Body) -> tuple[bytes, str]:
        saved = await _in_thread(self._desk.folder.save, entry, body.text("text"), body.text("base"))
        await self._desk.changes.look()
        return saved

    async def _attempt(self, request: Request) -> Response:
        entry = self._entry(request)
        return JSONResponse({"text": await _in_thread(self._text_of, entry, request.path_params["id"])})

    def _text_of(self, entry: Entry, which: str) -> str:
        """A text to compare with: the starter, what is on disk, or an attempt. Raises Refused if there is none."""
        if which == "starter":
            return entry.starter
        if which == "disk":
            return self._desk.folder.look(entry).text
        content = Attempts(self._desk.folder.path, entry.name).content(which)
        if content is None:
            raise Refused(404, tr("there is no attempt {name} any more; choose another one.", name=repr(which)))
        return as_text(entry.name, content)

    async def _diff(self, request: Request) -> Response:
        entry, body = self._entry(request), await body_of(request)
        before = await _in_thread(self._text_of, entry, body.text("with"))
        return JSONResponse({"rows": await _in_thread(rows, before, body.text("text"))})

    async def _changes(self, _: Request) -> Lines:
        return Lines(self._desk.changes.told())

    # -- runs ----------------------------------------------------------------------------------------------------------

    async def _run(self, request: Request) -> Lines:
        body = await body_of(request)
        entry = self._desk.entry(body.text("exercise"), body.text("lang"))
        only = [await _in_thread(self._desk.check, entry.exercise, slug) for slug in body.texts("only")]
        content, version = await self._saved(entry, body)
        return self._followed(grading(entry, self._desk.folder, content, version, only))

    async def _replay(self, request: Request) -> Lines:
        body = await body_of(request)
        entry = self._desk.entry(body.text("exercise"), body.text("lang"))
        check = await _in_thread(self._desk.check, entry.exercise, body.text("check"))
        return self._followed(replaying(entry, self._desk.folder, check))

    def _followed(self, deed: Deed) -> Lines:
        """A run, told to whoever asked for it; it is stopped when nobody reads that any more."""
        run = self._desk.runs.join(deed)

        async def events() -> AsyncGenerator[Event]:
            try:
                async for event in run.told():
                    yield event
            finally:
                self._desk.runs.leave(run)

        return Lines(events())

    async def _stop(self, request: Request) -> Response:
        if not self._desk.runs.stop(request.path_params["id"]):
            raise Refused(404, tr("there is no run {name}.", name=repr(request.path_params["id"])))
        return Response(status_code=204)


async def _in_thread(deed: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    return await to_thread.run_sync(lambda: deed(*args, **kwargs))


# -- refusals ------------------------------------------------------------------------------------------------------------


def _said(status: int, sentence: str, **more: object) -> JSONResponse:
    return JSONResponse({"error": sentence, **more}, status)


def _refused(_: Request, error: Refused) -> Response:
    return _said(error.status, error.sentence, **error.more)


def _failed(_: Request, error: SocklabError) -> Response:
    return _said(500, tr(str(error)))


def _unknown(request: Request, error: HTTPException) -> Response:
    if error.status_code == 405:
        return _said(405, tr("that is not done this way: {method}.", method=request.method))
    return _said(error.status_code, tr("there is nothing at this address: {path}", path=request.url.path))


def _own_fault(_: Request, error: Exception) -> Response:
    return _said(500, reported(error))
