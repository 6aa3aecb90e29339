"""How a runner is started: what languages hand to the cell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Launch:
    """How a language starts its runner, by `argv`, which is made from the sandbox's root as all paths are.

    `load`: the path of what the runner is to load; given to it as an argument, with those that follow, the runner becomes the
    submission, a whole program. `files` lie beside the runner; `language`: the language's name.
    """

    def __init__(
        self,
        language: str,
        *,
        argv: Callable[[str], list[str]],
        load: Callable[[str], str],
        files: dict[str, bytes],
        environment: Callable[[str], dict[str, str]],
        sanitized: bool = False,
    ) -> None:
        self.language = language
        self.argv = argv
        self.load = load
        self.files = files
        self.environment = environment
        self.sanitized = sanitized

    def with_variables(self, more: Mapping[str, str]) -> Launch:
        """The same, with more variables in its environment."""
        return Launch(
            self.language,
            argv=self.argv,
            load=self.load,
            files=self.files,
            environment=lambda root: {**self.environment(root), **more},
            sanitized=self.sanitized,
        )


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
