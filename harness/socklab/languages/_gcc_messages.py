"""What gcc, clang and GNU's assembler and linkers print, as diagnostics; and C source, as far as a suggestion needs to read it."""

import os
import re

from ..model import Diagnostic

_MESSAGE = re.compile(
    r"^(?P<file>[^:\n]+):(?P<line>\d{1,9}):(?:(?P<column>\d{1,9}):)? (?P<severity>fatal error|error|warning|note): (?P<text>.*)$"
)
_LINKER = re.compile(
    r"(?:^|: )(?P<file>[^:\n]*submission\.c):(?P<line>\d{1,9}): (?P<text>undefined reference to .*|multiple definition of .*)$"
)
_ASSEMBLER = re.compile(r"^(?P<file>[^:\n]+):(?:(?P<line>\d{1,9}):)? (?:Fatal error|Error): (?P<text>.*)$")


def diagnostics(text: str, source: str, path: str, file: str) -> tuple[Diagnostic, ...]:
    """The compiler's and linker's messages in `text` about the submission; others only if they are errors.

    `source`: the name that it was compiled under, at `path`; `file`: what its author calls it.
    """
    found: list[Diagnostic] = []
    for line in text.splitlines():
        message = _MESSAGE.match(line) or _LINKER.search(line) or _ASSEMBLER.match(line)
        if not message:
            continue
        parts = message.groupdict()
        severity = parts.get("severity") or "error"
        severity = "error" if severity == "fatal error" else severity
        words = parts["text"].replace(path, file)
        if parts["file"].endswith(source):
            found.append(Diagnostic(severity, int(parts["line"] or 0), int(parts.get("column") or 0), words))
        elif severity == "error":
            found.append(Diagnostic(severity, 0, 0, words))
        elif severity == "note" and parts["file"].endswith(".h") and "previous" in words:
            found.append(Diagnostic("note", 0, 0, f"{words} (in {os.path.basename(parts['file'])})"))
    return tuple(found)


def disk_was_full(text: str) -> bool:
    """Whether one of the tools says so itself; in a message about a line of source it is the author's own words."""
    return any(line.endswith("No space left on device") and not _MESSAGE.match(line) for line in text.splitlines())


def why_it_gave_up(text: str) -> str:
    """The line in which a compiler says that it ran out of memory or broke, else its first; "" if it said nothing.

    What linkers say of an errno of one's own tells nobody that each thread has another one, so that <errno.h> alone can declare it.
    """
    if re.search(r"'errno' used as both __thread|\berrno@?.*: TLS (definition|reference)", text):
        return "errno is no plain variable: leave out its declaration, and write #include <errno.h>"
    telling = ("internal compiler error", "memory", "terminated", "Killed")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if any(word in line for word in telling)), next(iter(lines), ""))


# What stands before a name and between its parentheses is bounded: else a long comment would take time in its square.
_DEFINITION = re.compile(r"^[A-Za-z_][\w\s*]{0,100}?\b([A-Za-z_]\w*)\s*\([^;{}]{0,500}\)\s*\{", re.MULTILINE)


def functions_in(source: str) -> list[tuple[str, int]]:
    """The functions that `source` seems to define, with their lines; for "did you mean"."""
    found: list[tuple[str, int]] = []
    line, counted = 1, 0
    for match in _DEFINITION.finditer(source):
        line += source.count("\n", counted, match.start(1))
        counted = match.start(1)
        found.append((match.group(1), line))
    return found
