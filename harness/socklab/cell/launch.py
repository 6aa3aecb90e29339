"""How a runner is started: what languages hand to the cell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Launch:
    """How a language starts its runner. `argv` is made from the sandbox's root; so is the path `load` hands over."""

    def __init__(
        self,
        *,
        argv: Callable[[str], list[str]],
        load: Callable[[str], str],
        files: dict[str, bytes],
        environment: Callable[[str], dict[str, str]],
        sanitized: bool = False,
    ) -> None:
        self.argv = argv
        self.load = load
        self.files = files
        self.environment = environment
        self.sanitized = sanitized
