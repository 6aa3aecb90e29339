"""Submissions that are alike, found for a person to look at; and how alike submissions of this class are as a rule.

copydetect turns each source into overlapping pieces of its tokens, in which names, comments and layout play no part, and tells
how much of each of two files is covered by pieces that are in both. What everybody was given, the starter and the header, is
left out. All attempts are compared, but nobody with themselves or with others of their group; of two students the two
attempts that are most alike stand for them. Python is not compared with C.

It knows texts and nothing else: neither why two are alike nor which was there first.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import signal
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from types import FrameType, ModuleType
from typing import Any, NamedTuple

from ..catalog import Exercise
from ..errors import SetupError, UsageError
from ..languages import for_file
from .intake import HandIn, Trouble
from .run import opened

PIECE = 25
"""Characters of a piece, of tokens that are mostly one character each: copydetect's own measure, and the best of those tried.

Of the right solutions of is-port-open, in 80 styles, 1 pair in 100 reached 0.65 with it; copies with other names and comments 0.99
and more, those with two statements put in as well 0.72 and more, with four 0.64 and more.
"""

LEAST = 2 * PIECE
"""Characters that a file must have of its own: of fewer there is always something that is in another one too."""

LONGEST = 60_000
"""Bytes of a file that is compared; exercises take a few thousand, and each one is compared with all others."""

READ_SECONDS = 2.0
"""Processor time in which a file must be read: one can be written so that the regular expressions of a lexer take for ever."""


class Text(NamedTuple):
    """A submission that can be compared. `content`: its text as it is compared, `pieces`: what copydetect made of it."""

    hand_in: HandIn
    language: str
    content: str
    pieces: Any

    @property
    def people(self) -> frozenset[str]:
        """The ids of all whose work it is."""
        return frozenset(each.id for each in (self.hand_in.student, *self.hand_in.group))


class Pair(NamedTuple):
    """Two texts by different people. `similarity`: the mean of `shares`, what share of each of them is in the other one too."""

    one: Text
    other: Text
    similarity: float
    shares: tuple[float, float]


class Scale(NamedTuple):
    """How alike two students' submissions are: what half, nine tenths and 99 hundredths of all pairs do not exceed.

    `counts`: pairs by similarity, in steps of 5 hundredths, the last one with 1.
    """

    half: float
    most: float
    nearly_all: float
    counts: tuple[int, ...]


class Comparison(NamedTuple):
    """What came of it. `pairs`: of students who were compared; `found`: those that reach the threshold, most alike first."""

    threshold: float
    texts: int
    students: int
    pairs: int
    scale: Scale | None  # None where there is no pair
    found: tuple[Pair, ...]
    troubles: tuple[Trouble, ...]


def library() -> ModuleType:
    """copydetect. Raises SetupError if it is not installed."""
    try:
        import copydetect
    except ImportError as error:
        raise SetupError(
            f"similar needs copydetect, which is not installed here ({error}). Try: pip install 'socklab[similarity]'"
        ) from error
    return copydetect


def compare(exercise: Exercise, handed_in: Sequence[HandIn], threshold: float) -> Comparison:
    """Compare all that was handed in, pair by pair.

    Raises SetupError if copydetect is not installed.
    """
    copydetect = library()
    texts: list[Text] = []
    troubles: list[Trouble] = []
    given: dict[str, frozenset[int]] = {}
    for hand_in in handed_in:
        try:
            texts.append(_text(copydetect, exercise, hand_in, given))
        except _NotCompared as reason:
            troubles.append(Trouble(hand_in.origin, hand_in.student, str(reason)))
    best: dict[tuple[str, str], float] = {}
    found: dict[tuple[str, str], Pair] = {}
    for one, other in itertools.combinations(texts, 2):
        if one.language != other.language or one.people & other.people:
            continue
        shares = _shares(copydetect, one, other)
        similarity = sum(shares) / 2
        first, second = sorted((one.hand_in.student.id, other.hand_in.student.id))
        if similarity > best.get((first, second), -1.0):
            best[first, second] = similarity
            if similarity >= threshold:
                found[first, second] = Pair(one, other, similarity, shares)
    return Comparison(
        threshold,
        len(texts),
        len({text.hand_in.student.id for text in texts}),
        len(best),
        _scale(sorted(best.values())),
        tuple(sorted(found.values(), key=lambda pair: -pair.similarity)),
        tuple(troubles),
    )


def common_lines(pair: Pair) -> tuple[set[int], set[int]]:
    """The lines of each, from 1, of which something is in the other one too."""
    _, _, slices = library().compare_files(pair.one.pieces, pair.other.pieces)
    return _lines(pair.one.content, slices[0]), _lines(pair.other.content, slices[1])


class _NotCompared(Exception):
    """A submission that cannot be compared; the text says why."""


def _text(copydetect: ModuleType, exercise: Exercise, hand_in: HandIn, given: dict[str, frozenset[int]]) -> Text:
    """A submission made ready. `given`: by language what everybody was given, filled as it is needed."""
    try:
        submission, why_not = opened(hand_in)
    except (UsageError, OSError) as error:
        raise _NotCompared(str(error).replace(hand_in.path, hand_in.file)) from error
    if why_not:
        raise _NotCompared(why_not)
    if len(submission.content) > LONGEST:
        raise _NotCompared(f"its {len(submission.content):,} bytes are too many to compare; at most {LONGEST:,} are.")
    language = for_file(hand_in.file)
    name = language.name if language else ""
    if name not in given:
        given[name] = _given(copydetect, exercise, name, language.suffixes[0] if language else "")
    content = submission.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")  # as Pygments reads it
    try:
        with _at_most(READ_SECONDS):
            pieces = _pieces(copydetect, content, name)
    except _TooLong:
        raise _NotCompared(f"it takes more than {READ_SECONDS:g} seconds to read.") from None
    _leave_out(copydetect, pieces, given[name])
    if pieces.token_coverage < LEAST:
        raise _NotCompared("it has too little of its own to compare, beyond what everybody was given.")
    return Text(hand_in, name, content, pieces)


def _given(copydetect: ModuleType, exercise: Exercise, language: str, suffix: str) -> frozenset[int]:
    """What everybody has: the pieces of the starter and of the header."""
    header = exercise.header() if language == "c" else None
    sources = (exercise.starter(suffix) or b"", header[1] if header else b"")
    found = (_pieces(copydetect, source.decode("utf-8", "replace"), language).hashes for source in sources)
    return frozenset().union(*found)


def _pieces(copydetect: ModuleType, content: str, language: str) -> Any:
    # A window of 1 keeps all pieces; with a wider one it would depend on the seed of hash() which of them are kept.
    return copydetect.CodeFingerprint(language, PIECE, 1, language=language, fp=io.StringIO(content))


def _leave_out(copydetect: ModuleType, pieces: Any, given: frozenset[int]) -> None:
    """As its own argument `boilerplate` should: of all else that a file has more than once, that leaves only one."""
    for each in given & pieces.hashes:
        pieces.hashes.discard(each)
        del pieces.hash_idx[each]
    pieces.token_coverage = copydetect.utils.get_token_coverage(pieces.hash_idx, PIECE, len(pieces.filtered_code))


def _shares(copydetect: ModuleType, one: Text, other: Text) -> tuple[float, float]:
    if one.pieces.hashes.isdisjoint(other.pieces.hashes):
        return 0.0, 0.0
    _, shares, _ = copydetect.compare_files(one.pieces, other.pieces)
    return min(1.0, float(shares[0])), min(1.0, float(shares[1]))  # gaps between pieces count as common


def _lines(content: str, slices: Any) -> set[int]:
    """The lines that parts of a text reach into, given as their beginnings and their ends, with more than blanks."""
    if slices.ndim < 2:
        return set()
    ends = list(itertools.accumulate(len(line) + 1 for line in content.split("\n")))
    found: set[int] = set()
    for begin, end in slices.T.astype(int).tolist():
        for number in range(bisect_right(ends, begin), min(bisect_right(ends, end - 1), len(ends) - 1) + 1):
            start = ends[number - 1] if number else 0
            if content[max(begin, start) : min(end, ends[number])].strip():
                found.add(number + 1)
    return found


def _scale(similarities: Sequence[float]) -> Scale | None:
    """`similarities` sorted."""
    if not similarities:
        return None
    half, most, nearly_all = (similarities[int(share * (len(similarities) - 1))] for share in (0.5, 0.9, 0.99))
    steps = [min(int(each * 20), 19) for each in similarities]
    return Scale(half, most, nearly_all, tuple(steps.count(step) for step in range(20)))


class _TooLong(Exception):
    """More processor time was used than there was."""


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _TooLong inside once so much processor time is used; a regular expression at work is interrupted too."""

    def stop(_: int, __: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
