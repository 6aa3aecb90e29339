"""What the brokers of one grade say, put together as they say it."""

import select
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from .cell.sandbox import Unavailable
from .errors import HarnessError
from .model import FAILED, HARNESS_ERROR, PASSED, SKIPPED

if TYPE_CHECKING:
    from .session import Session

_FROM_BEST_TO_WORST = (SKIPPED, PASSED, FAILED, HARNESS_ERROR)

Refusals = tuple[tuple[str, int, int], ...]
"""What was tried and refused: in words, with its call site and line."""


class Listener(Protocol):
    """Whoever wants to know of each result."""

    def ran(self, slug: str, outcome: str) -> None:
        """A check has been run."""
        ...


class NotLoaded(Exception):
    """The submission was built but cannot be called. `kind`: as native/protocol.h numbers it; `site`: of a crash, or 0."""

    def __init__(self, kind: int, text: str, site: int) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.site = site


class Heard:
    """Results by slug, and what else was said. What begins with `hidden_` came of checks that learners do not see."""

    def __init__(self) -> None:
        self.results: dict[str, dict[str, Any]] = {}
        self.output = self.hidden_output = ""
        self.refused: Refusals = ()
        self.hidden_refused: Refusals = ()
        self.gaps: tuple[str, ...] = ()

    def listen(self, sessions: "Sequence[Session]", looking_back: Collection[str], listener: Listener | None) -> None:
        """Hear those out that divide the checks among them. `looking_back`: slugs of checks that each of them runs for itself; the
        worst that one of them finds counts.

        Raises Unavailable, HarnessError or NotLoaded if one of them says so.
        """
        heard = Counter[str]()
        for kind, content in _said_by(sessions):
            _raise_trouble(kind, content)
            if kind == "result":
                result: dict[str, Any] = content
                slug = result["slug"]
                self.results[slug] = _worst(result, self.results.get(slug, result))
                heard[slug] += 1
                if listener and heard[slug] == (len(sessions) if slug in looking_back else 1):
                    listener.ran(slug, self.results[slug]["outcome"])
            elif kind == "output":
                self.output += content
            elif kind == "hidden-output":
                self.hidden_output += content
            elif kind == "refused":
                self.refused += content
            elif kind == "hidden-refused":
                self.hidden_refused += content
            elif kind == "gaps":
                self.gaps = content

    def listen_for(self, wanted: Collection[str], session: "Session", listener: Listener | None) -> None:
        """Hear out one that runs all checks for the sake of those `wanted`. Raises as `listen` does."""
        for kind, content in _said_by([session]):
            _raise_trouble(kind, content)
            if kind == "result" and content["slug"] in wanted:
                self.results[content["slug"]] = content
                if listener:
                    listener.ran(content["slug"], content["outcome"])


def _said_by(sessions: "Sequence[Session]") -> Iterator[tuple[str, Any]]:
    """What brokers at work at the same time say, as they say it: (kind, content). Raises HarnessError as `messages` does."""
    saying = {session: session.messages() for session in sessions}
    while saying:
        ready = select.select(list(saying), [], [], min(session.total_seconds for session in saying))[0]
        for session in ready or list(saying):  # it is `messages` that says if nobody says anything for too long
            message = next(saying[session], None)
            if message is None:
                del saying[session]
            else:
                yield message


def _raise_trouble(kind: str, content: Any) -> None:
    if kind == "unavailable":
        raise Unavailable(content)
    if kind == "harness-error":
        raise HarnessError(content)
    if kind == "not-loaded":
        raise NotLoaded(*content)


def _worst(*results: dict[str, Any]) -> dict[str, Any]:
    return max(results, key=lambda result: _FROM_BEST_TO_WORST.index(result["outcome"]))
