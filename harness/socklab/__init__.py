"""socklab: small socket exercises, and the harness that grades them on loopback."""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext socklab` in a notebook."""
    from .notebook import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """`%unload_ext socklab`, which `%reload_ext` does first."""
    from .notebook import unload

    unload(shell)
