"""Which version of an exercise a grade was made with: a hash, since nobody remembers to count."""

from ..catalog import HIDDEN_CHECKS, Exercise


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
