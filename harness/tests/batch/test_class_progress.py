"""How far a class is, as it is seen while it is graded: on terminals of all kinds, and where there is none."""

import io
import re
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from classroom import lay
from front_door import SPINS, Terminal

from socklab import i18n
from socklab.batch.progress import Progress
from socklab.batch.run import Tally
from socklab.model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE

EXERCISE = "is-port-open"
IN_WORDS = (
    "150 of 300 done, 80 passed, 30 failed, 8 ungradable, 2 harness errors, 30 unchanged, 2.0 a second, about 1:15 left"
)
_SEQUENCE = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])|[\r\n]|[^\x1b\r\n]+")


class Screen:
    """What a terminal shows of what is written to it: as much of ECMA-48 as is used, and an error for anything else."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows = [""]
        self._row = self._column = 0
        self.cursor = True
        self.drawn: list[str] = []

    def write(self, text: str) -> None:
        """As on any terminal: a new line goes down and to the left, since the terminal's driver sees to that."""
        at = 0
        while at < len(text):
            found = _SEQUENCE.match(text, at)
            assert found, f"unknown: {text[at : at + 20]!r}"
            at = found.end()
            self._do(found)

    def _do(self, found: re.Match[str]) -> None:
        values, letter = found.groups()
        if letter == "A":
            self._row -= int(values)
            assert self._row >= 0
        elif letter == "K":
            if values == "2":
                self.drawn.append(self.text)
            self._rows[self._row] = "" if values == "2" else self._rows[self._row][: self._column]
        elif letter in ("h", "l"):
            assert values == "?25"
            self.cursor = letter == "h"
        elif letter:
            assert letter == "m"
        elif found[0] == "\r":
            self._column = 0
        elif found[0] == "\n":
            self._row, self._column = self._row + 1, 0
            self._rows += [""] * (self._row + 1 - len(self._rows))
        else:
            self._put(found[0])

    def _put(self, text: str) -> None:
        row = self._rows[self._row].ljust(self._column)
        self._rows[self._row] = row[: self._column] + text + row[self._column + len(text) :]
        self._column += len(text)
        assert columns(self._rows[self._row]) <= self._width, f"it does not fit: {self._rows[self._row]!r}"

    @property
    def text(self) -> str:
        """All that is there, without the blanks at the ends."""
        return "\n".join(row.rstrip() for row in self._rows).rstrip("\n")


def columns(text: str) -> int:
    """How many columns a terminal takes for `text`."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Stream(io.StringIO):
    """Where progress is shown."""

    def __init__(self, *, tty: bool) -> None:
        super().__init__()
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"


def tally() -> Tally:
    """Half of a class, with something of everything."""
    made = Tally(300)
    made.outcomes.update({PASSED: 80, FAILED: 30, UNGRADABLE: 8, HARNESS_ERROR: 2})
    made.unchanged = 30
    return made


def shown(stream: Stream, *times: float) -> Progress:
    """A progress that is told of the same tally at these times; it began at 0."""
    clock = iter((0.0, *times))
    progress = Progress(stream, lambda: next(clock))
    for _ in times:
        progress.show(tally())
    return progress


@pytest.fixture
def xterm(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An ordinary terminal, 80 columns wide."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    return monkeypatch


# -- on a terminal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_terminal_shows_a_bar_and_all_counts(width: int, xterm: pytest.MonkeyPatch) -> None:
    """However narrow it is, no word is lost, and there is room for a ^C; at the end nothing is left, and the cursor is there."""
    xterm.setenv("COLUMNS", str(width))
    stream, screen = Stream(tty=True), Screen(width)
    progress = shown(stream, 30.0, 60.0)
    screen.write(stream.getvalue())
    bar, *words = screen.text.split("\n")
    assert set(bar) <= {"━", "╸", "╺"}
    assert len(bar) == width
    assert " ".join(words) == IN_WORDS
    assert max(map(columns, words)) <= width - len("^C^C^C^C")
    assert not screen.cursor
    written = len(stream.getvalue())
    progress.close()
    screen.write(stream.getvalue()[written:])
    assert (screen.text, screen.cursor, screen._row, screen._column) == ("", True, 0, 0)


def test_a_terminal_is_not_redrawn_more_than_ten_times_a_second(xterm: pytest.MonkeyPatch) -> None:
    """Each time in one piece, so that nothing flickers."""
    pieces: list[str] = []
    stream = Stream(tty=True)
    stream.write = lambda text: pieces.append(text) or len(text)  # type: ignore[method-assign]
    shown(stream, *(10 + n / 50 for n in range(50)))
    drawn = [each for each in pieces if "150 of 300 done" in each]
    assert len(drawn) in (9, 10)
    assert all(each.count("━") == 80 - each.count("╸") - each.count("╺") for each in drawn)


def test_nothing_is_drawn_by_a_thread(xterm: pytest.MonkeyPatch) -> None:
    """Workers are forked from here."""
    before = threading.active_count()
    progress = shown(Stream(tty=True), 1.0, 2.0)
    assert threading.active_count() == before
    progress.close()


@pytest.mark.parametrize("kind", ["dumb", "unknown", ""])
def test_a_terminal_that_cannot_go_back_gets_lines(kind: str, xterm: pytest.MonkeyPatch) -> None:
    """As a file does."""
    xterm.setenv("TERM", kind)
    stream = Stream(tty=True)
    shown(stream, 1.0, 60.0, 61.0).close()
    assert stream.getvalue() == IN_WORDS + "\n"


def test_colours_are_for_those_who_want_them(xterm: pytest.MonkeyPatch) -> None:
    """NO_COLOR is heard (no-color.org); what is red without it is a word all the same."""
    colour = re.compile(r"\x1b\[[\d;]*3\d[\d;]*m")
    coloured, plain = Stream(tty=True), Stream(tty=True)
    shown(coloured, 60.0).close()
    xterm.setenv("NO_COLOR", "1")
    shown(plain, 60.0).close()
    assert "\x1b[31m30 failed\x1b[0m" in coloured.getvalue()
    assert colour.search(coloured.getvalue())
    assert not colour.search(plain.getvalue())


def test_wide_letters_fit_too(xterm: pytest.MonkeyPatch) -> None:
    """A Korean letter takes two columns."""
    xterm.setenv("COLUMNS", "40")
    i18n.choose("ko")
    try:
        stream, screen = Stream(tty=True), Screen(40)
        shown(stream, 60.0)
        screen.write(stream.getvalue())
    finally:
        i18n.choose("en")
    assert any("\uac00" <= c <= "\ud7a3" for c in screen.text)


# -- elsewhere ---------------------------------------------------------------------------------------------------------


def test_elsewhere_there_is_a_line_now_and_then() -> None:
    """With the rate and what is left of the time; nothing steers a terminal that is not there."""
    stream = Stream(tty=False)
    shown(stream, 1.0, 60.0, 61.0).close()
    assert stream.getvalue() == IN_WORDS + "\n"


def test_where_there_is_no_terminal_nothing_is_loaded_for_one() -> None:
    """It would cost a class nothing and a single file much."""
    program = (
        "import sys; from socklab.batch.progress import Progress; from socklab.batch.run import Tally; "
        "p = Progress(sys.stderr); p.show(Tally(3)); p.close(); sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE).returncode == 0


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def right(solutions: Path) -> bytes:
    """What passes."""
    return (solutions / "right" / "blocking.py").read_bytes()


def watched(terminal: Terminal) -> Screen:
    """What is seen on a terminal of 80 columns once the command has ended."""
    screen = Screen(1000)
    screen.write(terminal.text)
    return screen


def test_the_page_takes_the_place_of_the_bar(right: bytes, tmp_path: Path) -> None:
    """While it grades it says how far it is; then there is nothing but the page."""
    lay(tmp_path / "week", {f"s{number}.py": right + b"#" * number for number in range(3)})
    with Terminal("grade", EXERCISE, "week", "--no-sanitizer", cwd=tmp_path, env={"COLUMNS": "80"}) as terminal:
        assert terminal.wait_for_end() == 0
        screen = watched(terminal)
    assert any("1 of 3 done, 1 passed, 0 failed" in each for each in screen.drawn)
    assert screen.text.startswith("is-port-open: Is anything listening?\n3 students: 3 passed\n")
    assert screen.cursor


def test_ctrl_c_leaves_a_clean_terminal(right: bytes, tmp_path: Path) -> None:
    """Of what was drawn nothing is left, nor of the ^C that the terminal shows; the cursor is back."""
    lay(tmp_path / "week", {"a.py": right, "y.c": SPINS.encode(), "z.c": SPINS.encode() + b"\n"})
    words = ("grade", EXERCISE, "week", "--no-sanitizer", "--workers", "1")
    with Terminal(*words, cwd=tmp_path, env={"COLUMNS": "80"}) as terminal:
        terminal.wait_for(lambda: "1 of 3 done" in terminal.text)
        terminal.type("\x03")
        assert terminal.wait_for_end() == 130
        screen = watched(terminal)
    assert screen.text.split("\n")[0] == "stopped"
    assert screen.text.split("\n")[1].startswith("1 of 3 done, and kept in gradebook.sqlite. To go on: socklab grade")
    assert screen.cursor
