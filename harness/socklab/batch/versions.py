"""What a grade was made with: a hash of the exercise, since nobody remembers to count, and what was left out of it."""

from ..catalog import HIDDEN_CHECKS, Exercise
from ..cell.sandbox import SHARED
from ..grading import Options


def exercise_version(exercise: Exercise) -> str:
    """A hash, in hexadecimal digits, of all that decides how `exercise` is graded: its checks, header and mistakes.

    What learners read (statement, starters, translations) may change without anything being graded again.
    """
    import hashlib

    header, hidden = exercise.header(), exercise.read(HIDDEN_CHECKS)
    files = {name: exercise.read(name) or b"" for name in ("checks.py", "mistakes.toml")}
    files |= {header[0]: header[1]} if header else {}
    files |= {HIDDEN_CHECKS: hidden} if hidden is not None else {}
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def made_with(exercise: Exercise, options: Options) -> str:
    """The exercise's version, and after it what `options` leave out: who grades without that once, and then with it, means it."""
    left_out = ["no-sanitizer"] * (not options.sanitize) + [SHARED] * (options.tier == SHARED)
    return " ".join([exercise_version(exercise), *left_out])
