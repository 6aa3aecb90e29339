"""Where the command `socklab` begins: a compiler is started before the command line itself is loaded."""

import sys


def main() -> int:
    """The command; returns its exit code."""
    words = sys.argv[1:]
    begun = None
    if words[:1] == ["check"]:
        from .words import begin_early

        begun = begin_early(words[1:])
    try:
        from .cli import run

        return run(words, begun)
    finally:
        if begun:
            begun.close()


if __name__ == "__main__":
    sys.exit(main())
