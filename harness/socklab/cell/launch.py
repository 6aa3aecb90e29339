"""How a runner is started: what languages hand to the cell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Launch:
    """How a language starts a submission. `argv`, made from the sandbox's root, starts its runner, or a whole program itself.

    `load`: the path that the runner is to load; None if there is no runner. `first_argument`: what comes before a whole
    program's own arguments. `files` lie beside it; `language`: the language's name.
    """

    def __init__(
        self,
        language: str,
        *,
        argv: Callable[[str], list[str]],
        load: Callable[[str], str] | None,
        files: dict[str, bytes],
        environment: Callable[[str], dict[str, str]],
        sanitized: bool = False,
        first_argument: Callable[[str], str] | None = None,
    ) -> None:
        self.language = language
        self.argv = argv
        self.load = load
        self.files = files
        self.environment = environment
        self.sanitized = sanitized
        self.first_argument = first_argument


class Driver:
    """A program that calls the submission's function by hand: files beside it, and the words before the argument.

    `call` is among the files, in every language, and is started as `call ARGUMENT`. `tools`: programs that are to be given
    `argv` when they are started by their name alone, with the words that go before it.
    """

    def __init__(
        self, files: dict[str, bytes], argv: list[str], environment: dict[str, str], tools: dict[str, list[str]]
    ) -> None:
        self.files = files
        self.argv = argv
        self.environment = environment
        self.tools = tools
