"""What is refused, and how a browser is told: a status, and one sentence that says what and what next."""

import contextlib
import sys
from typing import Any

from ..errors import own_fault
from ..i18n import tr


class Refused(Exception):
    """A request is refused. `sentence`: in the language that is spoken; `more`: what else the answer says."""

    def __init__(self, status: int, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.more = more


def reported(error: Exception) -> str:
    """An error that nobody foresaw, as a sentence; whoever started the server sees it too."""
    sentence = tr(str(own_fault(error)))
    with contextlib.suppress(OSError, ValueError):
        print(f"socklab: {sentence}", file=sys.stderr, flush=True)
    return sentence
