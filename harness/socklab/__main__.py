"""Where the command `socklab` begins: a compiler is started before the command line itself is loaded.

So from the first moment on there is something to clear away, however the command ends.
"""

import os
import sys
from _signal import SIGTERM, signal  # type: ignore[import-not-found]  # the signal module takes 4 ms to load


def main() -> int:
    """The command; returns its exit code."""
    words = sys.argv[1:]
    begun = None
    signal(SIGTERM, end)
    try:
        if words[:1] == ["check"]:
            from .words import begin_early

            begun = begin_early(words[1:])
        from .cli import run

        return run(words, begun)
    except KeyboardInterrupt:
        from .i18n import tr

        print("\n" + tr("stopped"), file=sys.stderr)
        return 130
    finally:
        if begun:
            begun.close()
        if "socklab.cell.sandbox" in sys.modules:
            sys.modules["socklab.cell.sandbox"].remove_folders()


def command() -> None:
    """The installed command: once all is cleared away and said, the interpreter need not take itself to pieces (6 ms)."""
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def end(number: int, _: object) -> None:
    """End as an interrupt does: everything is torn down on the way."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    command()
