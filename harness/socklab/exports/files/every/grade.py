"""Grades what a learner handed in, for the grader around it: python3 -IS grade.py FOLDER [OUTPUT].

All that it needs is in lib/, in pure Python. `-IS` keeps out whatever else this machine's Python would import, be it of the learner's
making.
"""

import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run() -> int:
    """The exit code: 0 if the grader has something to read that is no fault of ours, else 4."""
    sys.path.insert(0, os.path.join(HERE, "lib"))
    from socklab.__main__ import end
    from socklab.cell.sandbox import remove_folders
    from socklab.exports._job import main

    signal.signal(signal.SIGTERM, end)
    try:
        return main(HERE, sys.argv[1:])
    finally:
        remove_folders()


sys.exit(run())
