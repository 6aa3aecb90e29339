"""How a runner is started: what languages hand to the cell."""

from collections.abc import Callable
from typing import NamedTuple


class Launch(NamedTuple):
    """How a language starts its runner. `argv` is made from the sandbox's root; so is the path `load` hands over."""

    argv: Callable[[str], list[str]]
    load: Callable[[str], str]
    files: dict[str, bytes]
    environment: Callable[[str], dict[str, str]]
    sanitized: bool = False
