"""Slips: what Python itself refuses is named before what happens to look like it, and with nothing of the submission's."""

import pytest
import sample

from socklab import catalog, slips
from socklab.diagnosis import diagnose
from socklab.grading import grade
from socklab.model import FAILED, CheckResult, Mistake
from socklab.reports import terminal
from socklab.submission import Submission


def raised(said: str, line: int = 7, *, slug: str = "a", printed: bool = False) -> CheckResult:
    """A check that failed by an exception, which left a function or was printed by a program."""
    got, message = ("nothing", f"It said last: {said} (line {line})") if printed else (f"{said} at line {line}", "")
    return CheckResult(slug, slug, FAILED, 1, False, "", tried="f(1)", got=got, message=message)


def named(said: str, *, printed: bool = False) -> Mistake:
    """The mistake that is made of one exception."""
    slip = slips.slip_in([raised(said, printed=printed)], ())
    assert slip
    return slip.mistake


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("AttributeError: 'socket' object has no attribute 'conect'", "connect"),
        ("AttributeError: module 'socket' has no attribute 'AF_INT'", "AF_INET"),
        ("AttributeError: module 'errno' has no attribute 'ECONREFUSED'", "ECONNREFUSED"),
        ("AttributeError: 'StreamWriter' object has no attribute 'drian'", "drain"),
        ("AttributeError: 'bytes' object has no attribute 'decod'", "decode"),
        ("NameError: name 'ConectionError' is not defined", "ConnectionError"),
        ("NameError: name 'sokcet' is not defined", "socket"),
    ],
)
def test_the_name_that_was_meant_is_said(said: str, meant: str) -> None:
    """If it is one of Python's own, whoever wrote of it."""
    assert named(said).next == named(said, printed=True).next == f"Did you mean {meant}?"


def test_a_module_that_is_there_is_to_be_imported() -> None:
    """Nothing is misspelt."""
    assert named("NameError: name 'errno' is not defined").next.startswith("It is a module of that name")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("TypeError: a bytes-like object is required, not 'str'", "encode()"),
        ("TypeError: can't concat str to bytes", "encode()"),
        ("TypeError: socket.connect() takes exactly one argument (2 given)", "two pairs of parentheses"),
        ("TypeError: connect(): AF_INET address must be tuple, not str", "two pairs of parentheses"),
        ("TypeError: 'NoneType' object is not subscriptable", "without return"),
        ("AttributeError: 'NoneType' object has no attribute 'recv'", "without return"),
        ("TypeError: f() missing 1 required positional argument: 'x'", "How many arguments"),
    ],
)
def test_what_does_not_fit_has_advice(said: str, advice: str) -> None:
    """What learners meet most is said by name."""
    assert advice in named(said).next


@pytest.mark.parametrize("printed", [False, True])
@pytest.mark.parametrize(
    "said", ["NameError: name '<b>x</b>' is not defined", "AttributeError: 'Mine' object has no attribute 'mine'", "TypeError: mine", "UnboundLocalError: cannot access local variable 'mine' where it is not associated with a value"],
)  # fmt: skip
def test_its_texts_hold_nothing_of_the_submissions(said: str, printed: bool) -> None:
    """They are counted in classes, and shown as they are."""
    mistake = named(said, printed=printed)
    assert "mine" not in " ".join(mistake[:4]).lower()
    assert "<b>" not in " ".join(mistake[:4])
    assert mistake.lines == (7,)


def test_other_exceptions_are_no_slips() -> None:
    """Those of the network, say, and what only looks like one."""
    for said in ("ConnectionRefusedError: [Errno 111] Connection refused", "OSError: NameError: x", "NameError"):
        assert slips.slip_in([raised(said)], ()) is None


def test_what_it_raises_itself_is_no_slip() -> None:
    """Whoever writes `raise TypeError` means it."""
    failed = [raised("TypeError: not a port", 2)]
    assert slips.slip_in(failed, ("def f():", "    raise TypeError('not a port')")) is None
    assert slips.slip_in(failed, ("def f():", "    g()")) is not None


def test_the_one_that_explains_most_is_told_with_all_its_lines() -> None:
    """The same words at two lines are one slip."""
    same = "TypeError: mine"
    slip = slips.slip_in(
        [raised("TypeError: other", slug="a"), raised(same, 3, slug="b"), raised(same, 5, slug="c")], ()
    )
    assert slip
    assert (slip.explains, slip.mistake.lines) == ({"b", "c"}, (3, 5))


def test_what_waits_for_a_slip_counts_with_it() -> None:
    """One of two failures is half of them, but what all others wait for is nearly all."""
    exercise = catalog.find("echo-server")
    other = CheckResult("no-argument", "", FAILED, 1, False, "", tried="f()", got="nothing")
    waiting = [other._replace(slug=slug, tried="-", waits_for=to) for slug, to in (("again", "echo"), ("nul", "again"))]
    results = (raised("TypeError: mine", slug="echo", printed=True), other, *waiting)
    report = sample.report(FAILED, results=results)
    assert diagnose(report, exercise)[0].slug == "type-that-does-not-fit"
    assert "type-that-does-not-fit" not in [m.slug for m in diagnose(report._replace(results=results[:2]), exercise)]


MISSPELT = b"""import socket


def is_port_open(port):
    with socket.socket() as s:
        try:
            s.conect(("127.0.0.1", port))
        except ConnectionRefusedError:
            return 0
        except OSError:
            return -1
    return 1
"""


def test_a_misspelt_name_in_a_function_is_told_once() -> None:
    """The mistake names it, one failure is shown with it in full, and the others say no more than that it came again."""
    report = grade(catalog.find("is-port-open"), Submission("is_port_open.py", MISSPELT))
    assert [(m.slug, m.next, m.lines) for m in report.mistakes] == [("misspelt-name", "Did you mean connect?", (7,))]
    text = terminal.render_many([report])
    assert text.count("no attribute 'conect'") == 1
    assert "again AttributeError at line 7" in text
    tried = [r for r in report.counted if r.outcome == FAILED and r.tried != "-"]
    waiting = [r for r in report.counted if r.tried == "-"]
    assert waiting
    assert f"({len(tried)} of {len(report.counted)} checks failed, {len(waiting)} not tried)" in text


def test_a_misspelt_name_in_a_thread_of_a_server_is_no_misconception(server_with_threads: bytes) -> None:
    """All that others see is that nothing comes back, as it also is where a server reads to the end first."""
    source = server_with_threads.replace(b".sendall(", b".sendal(")
    report = grade(catalog.find("echo-server"), Submission("echo_server.py", source))
    line = 1 + source[: source.index(b".sendal(")].count(b"\n")
    assert [(m.slug, m.lines) for m in report.mistakes] == [("misspelt-name", (line,))]


@pytest.fixture
def server_with_threads() -> bytes:
    """A server with a thread for each client."""
    folder = catalog.solutions_folder()
    assert folder
    with open(f"{folder}/echo-server/right/threads.py", "rb") as file:
        return file.read()


def test_a_mistake_of_the_exercise_that_is_about_that_very_exception_is_told() -> None:
    """It says more: what an address is, here."""
    source = MISSPELT.replace(b'conect(("127.0.0.1", port))', b'connect("127.0.0.1", port)')
    report = grade(catalog.find("is-port-open"), Submission("is_port_open.py", source))
    assert [m.slug for m in report.mistakes] == ["connect-wants-a-pair"]
