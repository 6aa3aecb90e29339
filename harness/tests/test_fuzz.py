"""Whatever comes from a submission, be it a reply, shared memory or what a compiler says of it, is read without an error.

Each example is one that anybody's code could cause; the examples are the same in every run.
"""

import contextlib
import ctypes
import functools
import os
import re
import select
import signal
import socket
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socklab import catalog, submission
from socklab.cell import evidence, native, protocol, refusals
from socklab.cell.confined import CONTROL_FD
from socklab.cell.process import spawn
from socklab.cell.recorder import CAPACITY, MOST_AT_ONCE, SIZE, Event, Recording
from socklab.cell.wording import in_words
from socklab.grading import Options, grade
from socklab.languages import _gcc_messages, python
from socklab.model import FAILED, PASSED, UNGRADABLE, Report
from socklab.reports import terminal

PATIENCE = 20.0
"""How many seconds anything may take that takes milliseconds on an idle machine."""

_HEAD, _EVENT_AT, _EVENT_SIZE = struct.Struct("<IIiIII"), 64, (SIZE - 64) // CAPACITY
_U32, _U64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
_I32, _I64 = st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1)


def bounded(examples: int) -> settings:
    """As many examples, the same each time."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@st.composite
def mutated(draw: st.DrawFn, whole: bytes | str) -> bytes | str:
    """`whole` with up to four places cut out, doubled or overwritten: near enough to the real thing to get far."""
    pieces = st.binary(max_size=12) if isinstance(whole, bytes) else st.text(max_size=12) | st.just("9" * 5000)
    for _ in range(draw(st.integers(0, 4))):
        first = draw(st.integers(0, len(whole)))
        last = draw(st.integers(first, min(first + 20, len(whole))))
        middle = draw(st.one_of(st.just(whole[:0]), st.just(whole[first:last] * 2), pieces))
        whole = whole[:first] + middle + whole[last:]
    return whole


@contextlib.contextmanager
def in_time() -> Iterator[None]:
    """What runs below fails, instead of never ending, if it takes too long."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"it takes longer than {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# -- protocol ------------------------------------------------------------------------------------------------------------


@st.composite
def valid_replies(draw: st.DrawFn) -> bytes:
    """A reply as a runner writes it."""
    claims = draw(st.lists(st.tuples(_I64, _I32, _U32), max_size=5))
    text = draw(st.text(max_size=20)).encode()
    head = struct.pack("<IIII", draw(_U32), draw(st.integers(0, protocol.CONFINED)), len(claims), len(text))
    return head + b"".join(struct.pack("<qiI", *claim) for claim in claims) + text


@bounded(300)
@given(st.binary(max_size=200) | valid_replies().flatmap(mutated))
def test_a_reply_is_read_or_garbled(message: bytes) -> None:
    """A submission may write to the runner's descriptor; what passes for a reply has all that it says it has."""
    try:
        reply = protocol.unpack(message)
    except protocol.Garbled:
        return
    assert 0 <= reply.kind <= protocol.CONFINED
    assert message[16 : 16 + 16 * len(reply.claims)] == b"".join(struct.pack("<qiI", *claim) for claim in reply.claims)


@bounded(100)
@given(valid_replies())
def test_a_valid_reply_is_not_garbled(message: bytes) -> None:
    """Else the test above would pass if everything were."""
    assert protocol.unpack(message).token == int.from_bytes(message[:4], "little")


class BareRunner:
    """The real runner for C, without sandbox, recorder or filter: only the requests of a test reach it."""

    def __init__(self, program: str) -> None:
        import resource

        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        null = os.open("/dev/null", os.O_RDWR)
        limits = {
            resource.RLIMIT_CORE: (0, 0),
            resource.RLIMIT_CPU: (5, 5),
            resource.RLIMIT_AS: (1 << 30, 1 << 30),
            resource.RLIMIT_NOFILE: (2048, 2048),
        }
        try:
            descriptors = {0: null, 1: null, 2: null, CONTROL_FD: theirs.fileno()}
            self.child = spawn([program], descriptors, limits=limits)
        finally:
            os.close(null)
            theirs.close()

    def answer(self) -> bytes:
        """Its next message; b"" if it has ended."""
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        ready = poller.poll(PATIENCE * 1000)
        assert ready, "the runner neither answers nor ends"
        try:
            return self.control.recv(protocol.LARGEST)
        except ConnectionResetError:  # it ended with a request unread
            return b""

    def ask(self, request: bytes) -> bytes:
        """Send `request`; the answer."""
        try:
            self.control.send(request)
        except (BrokenPipeError, ConnectionResetError):
            return b""
        return self.answer()

    def close(self) -> None:
        self.child.kill()
        self.control.close()


@pytest.fixture(scope="module")
def runner_program() -> Iterator[str]:
    """The compiled runner, as a file; when all is done no process is left over."""
    compiler = native.find_compiler()
    assert compiler
    before = evidence.descendants(os.getpid())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runner"
        path.write_bytes(native.load(compiler).runner)
        path.chmod(0o755)
        yield str(path)
    assert len(evidence.descendants(os.getpid())) <= len(before)


@contextlib.contextmanager
def running(program: str) -> Iterator[BareRunner]:
    """A runner that has said hello, and is reaped in any case."""
    runner = BareRunner(program)
    try:
        hello = protocol.unpack(runner.answer())
        assert (hello.token, hello.kind) == (0, protocol.HELLO)
        yield runner
    finally:
        runner.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(runner.child.pid, os.WNOHANG)


@bounded(40)
@given(st.integers(1, 2**32 - 1), _I32, st.lists(_I32, min_size=1, max_size=20))
def test_a_request_means_the_same_to_the_runner(
    runner_program: str, token: int, error: int, numbers: list[int]
) -> None:
    """Packed here, read by the C side, answered by it and unpacked here; abs() sets no errno, so that comes back too."""
    with running(runner_program) as runner:
        loaded = protocol.unpack(runner.ask(protocol.pack(protocol.LOAD, token, text="libc.so.6\0abs\0")))
        assert loaded == protocol.Reply(token, protocol.DONE, (), "")
        calls = [(number,) for number in numbers]
        reply = protocol.unpack(runner.ask(protocol.pack(protocol.CALL, token, calls=calls, error=error)))
    expected = [ctypes.c_int(abs(number)).value for number in numbers]
    assert [claim.value for claim in reply.claims] == expected
    assert {(claim.error, claim.kind) for claim in reply.claims} == {(error, protocol.DONE)}
    assert reply.token == token


_REQUESTS = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda operation, token, error, argc, count, length, values, text: (
            _HEAD.pack(operation, token, error, argc, count, length) + struct.pack(f"<{len(values)}q", *values) + text
        ),
        st.integers(0, 11) | _U32,
        _U32,
        _I32,
        st.integers(0, 5) | _U32,
        st.integers(0, 3) | st.sampled_from([8191, 8192]) | _U32,
        st.integers(0, 40) | _U32,
        st.lists(st.sampled_from([-1, 0, 1, 2, 3, 9, 64, 1000, 1001, 1100]) | _I64, max_size=4),
        st.sampled_from([b"libc.so.6\0abs\0", b"libc.so.6\0none\0", b"libc.so.6", b"/\0x\0", b""])
        | st.binary(max_size=40),
    ),
)
_LOADED = protocol.pack(protocol.LOAD, 1, text="libc.so.6\0abs\0")


@bounded(200)
@given(st.lists(_REQUESTS, min_size=1, max_size=6), st.booleans())
def test_the_runner_answers_any_request_or_ends(runner_program: str, requests: list[bytes], loaded: bool) -> None:
    """It trusts the broker and may die of nonsense, but it is never silent and never starts anything."""
    with running(runner_program) as runner:
        for request in [_LOADED] * loaded + requests:
            message = runner.ask(request)
            if not message:
                ended = runner.child.wait(PATIENCE)
                assert ended in (0, 70, 71, -signal.SIGSEGV, -signal.SIGBUS)
                return
            assert protocol.unpack(message).token == int.from_bytes(request[4:8], "little")
        assert evidence.descendants(runner.child.pid) == []
        assert evidence.threads(runner.child.pid) == 1


# -- recordings ----------------------------------------------------------------------------------------------------------

_NAMES = (
    b"socket connect bind sendto sendmsg close dup getsockname getpeername accept accept4 setsockopt getsockopt fcntl "
    b"ioctl poll ppoll select pselect getaddrinfo gethostbyname getnameinfo system popen execve fork pthread_create"
).split()
_SMALL = st.sampled_from([-1, 0, 1, 2, 3, 4, 10, 16, 0x5421, 1030]) | _I64
_EVENTS = st.builds(
    lambda state, injected, numbers, small, error, length, name, data: (
        struct.pack("<II", state, injected)
        + struct.pack("<QQQ", *numbers)
        + struct.pack("<IIqqqqqiI", 7, 8, *small, error, length)
        + name.ljust(16, b"\0")
        + data.ljust(32, b"\xaa")
    ),
    st.integers(0, 3) | _U32,
    st.integers(0, 1),
    st.tuples(_U64, _U64, _U64),
    st.tuples(_SMALL, _SMALL, _SMALL, _SMALL, _SMALL),
    st.integers(-1, 134) | _I32,
    st.sampled_from([0, 1, 2, 7, 8, 16, 23, 24, 28, 32, 33]) | _U32,
    st.sampled_from(_NAMES[:5]) | st.sampled_from(_NAMES) | st.binary(max_size=16),
    st.builds(lambda family, rest: family + rest, st.sampled_from([b"", b"\2\0", b"\x0a\0"]), st.binary(max_size=30)),
)


@st.composite
def scribbles(draw: st.DrawFn) -> list[tuple[int, bytes]]:
    """What is written where: a header, events in some slots, anything anywhere."""
    header = draw(st.binary(max_size=_EVENT_AT) | st.builds(lambda n: b"sock\0\0\0\0" + struct.pack("<I", n), _U32))
    first = draw(st.sampled_from([0, CAPACITY - 2]))
    events = [(first + i, event) for i, event in enumerate(draw(st.lists(_EVENTS, max_size=2)))]
    anything = draw(st.lists(st.tuples(st.integers(0, SIZE - 64), st.binary(max_size=64)), max_size=3))
    return [(0, header), *((_EVENT_AT + slot * _EVENT_SIZE, event) for slot, event in events), *anything]


@bounded(300)
@given(scribbles(), st.integers(0, 130) | _U32, st.sampled_from([1, 64]), st.lists(_U64, max_size=3))
def test_any_memory_is_a_recording(
    written: list[tuple[int, bytes]], back: int, most: int, addresses: list[int]
) -> None:
    """The memory is shared with the submission: it may hold anything, and that is still put into words."""
    recording = Recording()
    try:
        for place, what in written:
            recording._memory[place : place + len(what)] = what
        begun = recording.begun
        events, lost = recording.since(max(0, begun - back), most)
        assert 0 <= lost <= MOST_AT_ONCE
        assert len(events) <= most
        for event in (*events, recording._event(0), recording._event(CAPACITY - 2), recording.under_way(7)):
            if event:
                _look_at(event)
        waiting = recording.under_way(7)
        assert waiting is None or waiting.pending
        crash = recording.crash()
        assert crash is None or crash.signal > 0
        assert recording.line_of(7) >= 0
        assert all(0 <= recording.site_of(address) <= address for address in addresses)
    finally:
        recording.close()


def _look_at(event: Event) -> None:
    """All that is asked of an event; nothing in its words acts on a terminal."""
    assert event.pending == (event.ended == 0)
    assert event.address is None or 0 <= event.address[1] < 1 << 16
    assert isinstance(event.text, str)
    words = in_words(event)
    assert words.isprintable()
    assert words.encode()


# -- what compilers say --------------------------------------------------------------------------------------------------

_FAULTY = (
    "int is_port_open(int port)\n{\n    return 1\n}\n",
    '#include "nowhere.h"\n',
    "int is_port_open(int port) { int unused; return helper(port) + *port; }\nint is_port_open(char *port) { return 1; }\n",
    "int missing(int);\nint is_port_open(int port) { return missing(port); }\n",
)


@functools.cache
def said_by_the_compiler() -> tuple[str, ...]:
    """What this machine's compiler and linker really say of faulty programs."""
    compiler = native.find_compiler()
    assert compiler
    said = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "submission.c")
        for source in _FAULTY:
            Path(path).write_text(source)
            flags = ["-g", "-Wall", "-shared", "-fPIC", "-Wl,-z,defs", "-fno-diagnostics-show-caret"]
            said.append(native._run([compiler, *flags, path, "-o", f"{folder}/out.so"])[1].replace(folder, "/box"))
    return tuple(said)


def _read(text: str) -> tuple[_gcc_messages.Diagnostic, ...]:
    return _gcc_messages.diagnostics(text, "submission.c", "/box/submission.c", "mine.c")


def test_a_compiler_is_understood() -> None:
    """Each fault is an error in what is read of it; else the tests below would show nothing."""
    for text in said_by_the_compiler():
        assert [d for d in _read(text) if d.severity == "error"], text


@bounded(300)
@given(
    st.text(max_size=200)
    | st.deferred(lambda: st.sampled_from(said_by_the_compiler()).flatmap(mutated))
    | st.builds(
        lambda file, line, rest: f"{file}:{line}: error: {rest}",
        st.sampled_from(["submission.c", "/box/submission.c", "a.h"]) | st.text(max_size=5),
        st.text("0123456789٣²:", max_size=8) | st.just("9" * 5000),
        st.text(max_size=20),
    )
)
def test_whatever_a_compiler_says_gives_diagnostics(text: str) -> None:
    """File names and words in its messages are the submission's own."""
    for found in _read(text):
        assert found.severity in ("error", "warning", "note")
        assert 0 <= found.line < 10**9
        assert 0 <= found.column < 10**9
    why = _gcc_messages.why_it_gave_up(text)
    assert why in text


# -- what a suggestion reads ---------------------------------------------------------------------------------------------

_WRITTEN = st.lists(
    st.sampled_from(["int", "def", "async", "f", "(", ")", "{", "}", ";", "*", " ", "\n", "\t", "\r", "\f", "é", "_"])
    | st.sampled_from(["int f(int a) {\n", "def f(a):\n", "\n\nstatic char *g(void)\n{\n"])
    | st.text(max_size=5),
    max_size=40,
).map("".join)


@bounded(200)
@given(_WRITTEN)
def test_functions_are_found_where_they_stand(source: str) -> None:
    """A suggestion names a line of the source, and a name that stands in it."""
    lines = source.split("\n")
    for found in (_gcc_messages.functions_in(source), python.functions_in(source)):
        for name, line in found:
            assert name in lines[line - 1]


@pytest.mark.parametrize("part", ["a()\n", "a b\n", "a\n", "f(){\n", "a\n\n\n", "a(\n", "def f(\n", "def ", "a* "])
def test_a_long_source_is_read_in_time(part: str) -> None:
    """Not in the square of its length: a comment of prose may be as long as a submission."""
    source = part * (submission.LARGEST // 2 // len(part))
    with in_time():
        _gcc_messages.functions_in(source)
        python.functions_in(source)


# -- what was refused ----------------------------------------------------------------------------------------------------


@bounded(200)
@given(
    st.sampled_from(["execve", "kill", "tgkill", "rt_sigqueueinfo", "clone", "ptrace", "system call 9"]) | st.text(),
    st.just("") | st.text(max_size=10),
    st.lists(_U64, min_size=6, max_size=6),
)
def test_any_refused_call_has_words(name: str, path: str, arguments: list[int]) -> None:
    """Registers hold what they hold."""
    words = refusals._words(name, path, arguments)
    assert words
    assert path in words


@bounded(200)
@given(_U64, st.binary(max_size=300), st.sampled_from([0, 1, 2**22 + 1]))
def test_any_address_may_be_read(address: int, held: bytes, stranger: int) -> None:
    """A pointer of the submission's may point nowhere; one that points to text gives that text."""
    text = refusals._text_at(os.getpid(), address)
    assert "\0" not in text
    assert len(text) <= 256
    assert refusals._text_at(stranger or os.getpid(), 0) == ""
    kept = ctypes.create_string_buffer(held)
    expected = held[:256].partition(b"\0")[0].decode("utf-8", "replace")
    assert refusals._text_at(os.getpid(), ctypes.addressof(kept)) == expected


# -- whole grades --------------------------------------------------------------------------------------------------------

EXERCISE = catalog.find("is-port-open")
_RIGHT = Path(catalog.solutions_folder() or "") / "is-port-open" / "right"


def _graded(file: str, content: bytes) -> Report:
    """A short grade, with the promise that no submission is trouble of ours; and what a terminal shows is all text."""
    options = Options(seed=1, sanitize=False, only=("open-port",))
    report = grade(EXERCISE, submission.Submission(file, content), options)
    assert report.outcome in (FAILED, PASSED, UNGRADABLE), report.reason
    assert terminal.render_many([report]).replace("\n", "").isprintable()
    return report


@st.composite
def shuffled(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with some of its words in each other's places: what still compiles does something else."""
    words = re.split(rb"(\w+)", whole)
    for _ in range(draw(st.integers(1, 2))):
        words[draw(st.integers(0, len(words) // 2 - 1)) * 2 + 1] = draw(st.sampled_from(words[1::2]))
    return b"".join(words)


@st.composite
def misspelled(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with another name for the function that is wanted, and a last line that holds anything."""
    comment = (b"//" if b"#include" in whole else b"#") + draw(st.binary(max_size=8)).replace(b"\n", b"")
    return whole.replace(b"is_port_open", draw(st.sampled_from([b"is_portopen", b"f"]))) + comment + b"\n"


@pytest.mark.parametrize("suffix", [".c", ".py"])
@bounded(20)
@given(data=st.data())
def test_any_bytes_are_graded(suffix: str, data: st.DataObject) -> None:
    """Nonsense cannot be graded, what is nearly right may fail or pass: the grader itself has no trouble with either."""
    right = (_RIGHT / f"blocking{suffix}").read_bytes()
    content = data.draw(
        st.one_of(mutated(right), shuffled(right), misspelled(right), st.binary(max_size=60), st.just(right))
    )
    report = _graded(f"is_port_open{suffix}", content)
    assert content != right or report.outcome == PASSED


def test_a_path_that_was_refused_does_not_act_on_a_terminal() -> None:
    """It is read from the submission's memory."""
    report = _graded(
        "is_port_open.c",
        b"#include <unistd.h>\nint is_port_open(int port)\n{\n    char *none[] = {NULL};\n"
        b'    execve("/\\033]0;title\\007", none, none);\n    return port;\n}\n',
    )
    assert any("title" in remark for remark in report.remarks)


@pytest.mark.parametrize("line", ["'²'", "'9' * 5000"])
def test_a_made_up_line_of_an_error_is_no_trouble_of_ours(line: str) -> None:
    """An exception's line is an attribute that may hold anything."""
    source = f"class E(SyntaxError):\n    __traceback__ = None\n\n\nerror = E('no')\nerror.filename = __file__\nerror.lineno = {line}\nraise error\n"
    assert _graded("is_port_open.py", source.encode()).outcome == UNGRADABLE
