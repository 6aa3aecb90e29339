"""What can be expected, of whom, and how a disappointment is put into words.

An expectation looks at one subject (a call, a listener, the submission's process, the scene) and raises Mismatch with what
was wanted and what was got. It arranges nothing.
"""

import contextlib
import errno
import functools
import socket
import time
from typing import overload

from .cell import protocol
from .cell.confined import signal_name
from .command import Command, Ended, Footprint
from .patience import WAIT_SECONDS
from .peers import Broken, Listener, Stream, in_short
from .program import Call, Program
from .scene import Scene
from .subject import Mismatch, Subject, errno_name
from .surroundings import Surroundings


def is_name(node: str) -> bool:
    """Whether a lookup of `node` had to look up a name: it is no address in numbers, not even a short one like 127.1."""
    for parse in (socket.inet_aton, functools.partial(socket.inet_pton, socket.AF_INET6)):
        with contextlib.suppress(OSError):
            parse(node)
            return False
    return node != ""


_FORKS = ("clone", "fork", "vfork")
_LIBRARY_TOOLS = ("ldconfig", "gcc", "cc", "ld", "objdump")

SENT = "Connecting is all that is asked for."


class OfCall:
    """What can be expected of one call."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def to_return(self, *wanted: int) -> None:
        """The call returned one of `wanted`, as an int."""
        expected = " or ".join(map(str, wanted))
        claim = self.call.claim
        why = ""
        if claim.kind in (protocol.OTHER, protocol.SOCKET):
            kind = self.call.text.partition(" ")[0] or "socket"
            why = f"The answer must be an int; this is a {kind}."
        if claim.kind == protocol.RAISED:
            why = "The exception left the function; nobody gets an answer."
        if why or claim.value not in wanted:
            raise Mismatch(expected, self.call.answer, why, self.call.words)

    def to_fail(self) -> None:
        """The call says that it failed: -1 in C; OSError, ValueError or OverflowError in Python."""
        claim = self.call.claim
        if claim.kind == protocol.RAISED:
            if claim.value == protocol.RAISED_OTHER:
                raise Mismatch("OSError, ValueError or OverflowError", self.call.answer, "", self.call.words)
        elif claim.kind != protocol.DONE or claim.value != -1 or self.call.objects:
            raise Mismatch(self._failure(), self.call.answer, "", self.call.words)

    def to_fail_with(self, *errors: int) -> None:
        """The call failed, and says with which errno: in C -1 and errno, in Python OSError with its errno."""
        expected = " or ".join(errno.errorcode.get(error, str(error)) for error in errors)
        claim = self.call.claim
        if self.call.objects:
            if claim.kind != protocol.RAISED:
                raise Mismatch(f"OSError with errno {expected}", self.call.answer, "", self.call.words)
            if claim.value != protocol.RAISED_OSERROR or claim.error not in errors:
                name = errno_name(claim.error) if claim.error else "None"
                has = f", whose errno is {name}" if claim.value == protocol.RAISED_OSERROR else ""
                why = "Whoever calls looks at the exception's errno to find out what happened."
                raise Mismatch(f"OSError with errno {expected}", f"{self.call.answer}{has}", why, self.call.words)
            return
        if claim.kind != protocol.DONE or claim.value != -1:
            raise Mismatch(f"-1, with errno {expected}", self.call.answer, "", self.call.words)
        if claim.error not in errors:
            got = f"-1, with errno {errno_name(claim.error)}"
            why = "Whoever calls looks at errno to find out what happened."
            raise Mismatch(f"-1, with errno {expected}", got, why, self.call.words)

    def _failure(self) -> str:
        return "OSError, ValueError or OverflowError" if self.call.objects else "-1"

    def to_take(self, *, at_least: float = 0.0, at_most: float) -> None:
        """The call took so many seconds, not counting those in which it, or the grader, waited for a CPU.

        Clocks and time-outs of the kernel have their grain: 10 ms too early are let pass.
        """
        took, own = self.call.seconds, self.call.seconds - self.call.starved
        expected = f"an answer within {at_most * 1000:.0f} ms"
        if at_least:
            expected = f"an answer after {at_least * 1000:.0f} to {at_most * 1000:.0f} ms"
        if own > at_most or took < at_least - 0.01:
            raise Mismatch(expected, f"{self.call.answer} after {took * 1000:.0f} ms", "", self.call.words)


class OfStream:
    """What can be expected of one end of a connection."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def to_receive(self, wanted: bytes, *, within: float | None = None) -> None:
        """The next bytes that arrive are exactly these; `within`: so many seconds at most."""
        try:
            got = self.stream.receive(len(wanted), within)
        except Broken as how:
            raise Mismatch(in_short(wanted), str(how)) from how
        if got != wanted:
            end = ", and then the end" if self.stream.ended else ""
            raise Mismatch(in_short(wanted), in_short(got) + end, _difference(wanted, got))

    def to_see_the_end(self) -> None:
        """The other end has ended its side, in the orderly way, and nothing else came before that."""
        try:
            got = self.stream.receive_all()
        except Broken as how:
            raise Mismatch("end of file", str(how), "The other end must close its side (FIN).") from how
        if got:
            raise Mismatch("end of file", f"{in_short(got)} before that")

    def to_be_connected_to(self, other: Stream) -> None:
        """Both are ends of one connection."""
        self.to_be_connected()
        own, theirs = self.stream.addresses()
        if (theirs, own) != other.addresses():
            raise Mismatch(
                "the connection that the listener accepted",
                "another connection",
                "The socket that comes back must be the one that was connected.",
            )

    def to_be_connected(self) -> None:
        """It is one end of a connection."""
        if self.stream.addresses()[1] is None:
            raise Mismatch("a connected socket", "a socket that is not connected")

    def to_be_blocking(self) -> None:
        """Reading from it waits (O_NONBLOCK is off, fcntl(2)); in Python it has no timeout either."""
        if not self.stream.blocking:
            raise Mismatch(
                "a blocking socket",
                "a non-blocking one",
                "The caller's next recv() would fail with EAGAIN instead of waiting.",
            )

    def to_have_no_timeout(self) -> None:
        """Neither reading nor writing has a time limit of its own (SO_RCVTIMEO, SO_SNDTIMEO, TCP_USER_TIMEOUT, tcp(7)); in Python
        gettimeout() says None."""
        if self.stream.time_limit:
            got = f"one whose gettimeout() is {self.stream.time_limit:g} seconds"
            raise Mismatch("a socket without a time limit", got, "The caller has asked for none.")
        for level, name, size in _TIME_LIMITS:
            left = self.stream.socket.getsockopt(level, getattr(socket, name), size)
            if any(left):
                raise Mismatch(
                    "a socket without a time limit", f"one whose {name} is set", "The caller has asked for none."
                )


_TIME_LIMITS = (
    (socket.SOL_SOCKET, "SO_RCVTIMEO", 16),
    (socket.SOL_SOCKET, "SO_SNDTIMEO", 16),
    (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 4),
)
"""Options that limit how long reading or writing may take: level, name, size of the value. All of it is 0 where none is set."""


def _difference(wanted: bytes, got: bytes) -> str:
    """Where two long runs of bytes part; "" where that is plain to see."""
    if len(wanted) <= 60:
        return ""
    same = next((at for at, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), min(len(wanted), len(got)))
    if same == len(got):
        return f"Only {len(got):,} of {len(wanted):,} bytes came."
    return f"Byte {same + 1:,} of {len(wanted):,} is the first that differs."


class OfListener:
    """What can be expected to have reached a listener."""

    def __init__(self, peer: Listener) -> None:
        self.peer = peer

    def to_have_been_called(self) -> None:
        """Somebody connected."""
        if not self.peer.wait_for_caller():
            raise Mismatch(
                f"a connection to the listener on port {self.peer.port}",
                "the listener saw none",
                "The answer must come from a TCP connection to 127.0.0.1, made in this very call.",
            )

    def to_have_received_nothing(self) -> None:
        """Somebody connected, and not one byte was sent."""
        self.to_have_been_called()
        received = self.peer.seen(wait_for_end=True).bytes
        if received:
            raise Mismatch("no byte sent", f"{received} bytes arrived at the listener", SENT)


class OfSubject:
    """What can be expected of the submission's process, seen from outside, and of the calls that it made."""

    def __init__(self, program: Subject) -> None:
        self.program = program

    def to_have_descriptors(self, before: dict[int, str], why: str = "") -> None:
        """Its open descriptors are exactly those of `before`."""
        now = self.program.descriptors()
        left = [f"descriptor {fd} ({_kind(now[fd])})" for fd in sorted(now) if now.get(fd) != before.get(fd)]
        gone = [str(fd) for fd in sorted(before) if fd not in now]
        if gone:
            raise Mismatch(
                "only descriptors of its own closed",
                f"descriptor {', '.join(gone)} is closed and was not the function's",
                "Close exactly what you opened: another part of the program relies on the rest.",
            )
        if left:
            shown = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
            raise Mismatch(
                "nothing left open", f"{shown} still open", why or "A program that asks often runs out of descriptors."
            )

    def to_have_closed_only_its_own(self) -> None:
        """No close() failed with EBADF: nothing was closed twice. A close(-1) harms nobody and is let pass."""
        for event in self.program.events_named("close"):
            if event.error == errno.EBADF and event.args[0] >= 0:
                raise Mismatch(
                    "each descriptor closed once",
                    f"close({event.args[0]}) failed with EBADF: nothing was open there",
                    "In a program with threads that number may belong to somebody else by then.",
                )

    def to_have_contacted_only(self, host: str, port: int) -> None:
        """Every address that it connected or sent to was `host` and `port`, and no name was looked up."""
        why = "What a name leads to is up to the machine's settings."
        for event in self.program.events_named("getaddrinfo", "gethostbyname"):
            if is_name(event.text):
                raise Mismatch(f"{host} itself", f'a lookup of the name "{event.text}"', why)
        for event in self.program.events_named("gethostbyaddr", "getnameinfo"):
            raise Mismatch(f"{host} itself", f"a lookup of an address's name, by {event.name}()", why)
        for event in self.program.events_named("connect", "sendto", "sendmsg"):
            if event.address and event.address not in ((host, port), (f"::ffff:{host}", port)):
                raise Mismatch(f"only {host}:{port} contacted", "{}:{} contacted".format(*event.address))

    def to_have_sent_nothing(self) -> None:
        """No byte left through a socket of its own, whatever it was connected to."""
        internet: set[int] = set()
        for event in self.program.events:
            if event.name == "socket" and event.args[0] in (socket.AF_INET, socket.AF_INET6):
                internet.add(event.result)
            if event.name in ("send", "sendto", "sendmsg", "write") and event.result > 0 and event.args[0] in internet:
                raise Mismatch("no byte sent", f"{event.name}() sent {event.result} bytes", SENT)

    def to_have_bound_nothing_to(self, port: int) -> None:
        """It did not bind() the port it was asked about."""
        for event in self.program.events_named("bind"):
            if event.address and event.address[1] == port:
                raise Mismatch(
                    "a connection",
                    f"bind() to port {port}",
                    "Whoever binds a port takes it away from others, if only for a moment.",
                )

    def to_have_started_no_process(self) -> None:
        """It started no other process."""
        for event in self.program.events_named("system", "popen", "execve", "posix_spawn", "posix_spawnp", "fork"):
            what = f'{event.name}("{event.text}")' if event.data else f"{event.name}()"
            raise Mismatch("no other process", f"{what} was called")
        self.to_have_no_children()

    def to_have_no_children(self) -> None:
        """No process of its own is there, and none was, whatever the recording says."""
        if self.program.children() or self.program.has_awaited_a_child():
            raise Mismatch("no other process", "a process was started")

    def to_have_no_threads_left(self) -> None:
        """Only threads that it began with run.

        One that is just ending needs a moment, on a busy machine a longer one; one that sleeps is not ending.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        asleep = 0
        while count := self.program.extra_threads():
            asleep = asleep + 1 if self.program.is_asleep() else 0
            if asleep > 100 or time.monotonic() > deadline:
                raise Mismatch("no thread left behind", f"{count} still running after the call")
            time.sleep(0.001)  # no event tells of a thread's end

    def to_have_tried_nothing_forbidden(self) -> None:
        """No system call was refused to it.

        Let pass: Python's ctypes.util.find_library() starts a few programs when a file is loaded, and does without them. Whoever
        asks for io_uring(7) does without it too, or gets no further: many machines have it switched off.
        """
        for refused in self.program.refused:
            looking = refused.name in _FORKS or refused.words.rpartition("/")[2] in _LIBRARY_TOOLS
            if refused.name != "io_uring_setup" and not (refused.loading and looking):
                raise Mismatch("nothing but what a program about sockets needs", f"it tried to {refused.words}")

    def to_have_plain_signature(self) -> None:
        """Its function takes the exercise's parameters and nothing else."""
        line, _, complaint = self.program.signature_complaint.partition(": ")
        if complaint:
            where = f"at line {line}, " if line != "0" else ""
            raise Mismatch("only the parameters of the exercise", f"{where}{complaint}")

    def to_have_no_memory_errors(self) -> None:
        """The build with sanitizers met no error in all that was called."""
        if self.program.memory_errors:
            raise Mismatch("no memory error", self.program.memory_errors[0])


class OfFunction(OfSubject):
    """What can be expected of a function's process, between two calls."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.function = program

    def to_have_surroundings(self, before: Surroundings) -> None:
        """What belongs to the whole process, signals and timers, is as it was `before`."""
        changed = self.function.surroundings().change(before) if self.function.observed else ""
        if changed:
            raise Mismatch("signals and timers of the process as they were before the call", changed)

    def to_have_left_the_time_limit(self, before: Surroundings) -> None:
        """New sockets wait as long as they did `before` (socket.setdefaulttimeout())."""
        now = self.function.surroundings()
        changed = now.change(now._replace(time_limit=before.time_limit))
        if changed:
            raise Mismatch("the time limit of other sockets as it was before the call", changed)

    def to_have_left_no_alarm(self) -> None:
        """No alarm goes off once the function has returned (alarm(2), setitimer(2), timer_create(2))."""
        now = self.function.surroundings()
        left = now.change(now._replace(alarm=0.0, timers=0)) if self.function.observed else ""
        if left:
            raise Mismatch("no timer left behind", left)


class OfEnded:
    """What can be expected of a program that has ended."""

    def __init__(self, ended: Ended) -> None:
        self.ended = ended

    def to_exit(self, code: int) -> None:
        """It ended by itself, with this exit code."""
        if self.ended.code != code:
            raise Mismatch(f"exit code {code}", self._how(), "", self.ended.words)

    def to_exit_with_an_error(self) -> None:
        """It ended by itself, with any exit code but 0."""
        if self.ended.code <= 0:
            raise Mismatch("an exit code other than 0", self._how(), "", self.ended.words)

    def to_have_said(self, word: str) -> None:
        """`word` stands in what it wrote to standard error, in small letters or large."""
        if word.lower() not in self.ended.stderr.lower():
            raise Mismatch(f'"{word}" on standard error', self._said(), "", self.ended.words)

    def to_have_said_something(self) -> None:
        """It wrote something to standard error."""
        if not self.ended.stderr.strip():
            raise Mismatch("a message on standard error", self._said(), "", self.ended.words)

    def _how(self) -> str:
        if self.ended.code < 0:
            return f"it was ended by {signal_name(-self.ended.code)}"
        return f"exit code {self.ended.code}"

    def _said(self) -> str:
        said = self.ended.stderr.strip()
        if said:
            return ascii(said[-200:])
        return "nothing there; it wrote to standard output" if self.ended.stdout.strip() else "nothing"


class OfCommand(OfSubject):
    """What can be expected of a whole program that runs."""

    def __init__(self, program: Command) -> None:
        super().__init__(program)
        self.command = program

    def to_live(self) -> None:
        """It still runs."""
        if not self.command.is_alive():
            raise Mismatch("a server that goes on", f"it {self.command.started.how_it_ended()}")

    def to_end_by(self, number: int, *, within: float) -> None:
        """A signal ends it within so many seconds, not counting those in which it has no CPU."""
        name = signal_name(number)
        if self.command.end_by(number, within) is None:
            raise Mismatch(f"its end within {within:g} s of {name}", "it goes on")

    def to_listen_only_on(self, host: str, port: int) -> None:
        """Its listener has this address and no other."""
        others = sorted(self.command.addresses(port) - {host, f"::ffff:{host}"})
        if others:
            why = "Whoever can reach this machine could connect." if "0.0.0.0" in others or "::" in others else ""
            raise Mismatch(f"a listener on {host} alone", f"a listener on {', '.join(others)}", why)

    def to_have_left(self, port: int) -> None:
        """None of its processes listens on `port` any more; those that its first process has told to end have a moment for it."""
        deadline = time.monotonic() + WAIT_SECONDS
        while self.command.addresses(port):
            if time.monotonic() > deadline:
                raise Mismatch("a port that is free again", "another process of it still listens there")
            self.command.pause(0.01)  # no event tells of it

    def to_come_back_to(self, before: Footprint, *, spare: int = 0) -> None:
        """It has become as small again as it was: no more processes, threads and descriptors, save `spare` of each.

        What is just ending needs a moment, on a busy machine a longer one.
        """
        patience = self.command.patience_with_endings
        deadline, pause = time.monotonic() + patience.for_endings, 0.01
        while True:
            now = self.command.footprint()
            more = [what.format(n - b) for n, b, what in zip(now, before, _PARTS, strict=True) if n > b + spare]
            if not more:
                return
            if time.monotonic() > deadline:
                patience.lose()
                left = now.processes - before.processes
                zombies = min(self.command.zombies(), left)
                some = ", all of them zombies" if zombies == left else f", {zombies} of them zombies"
                of_them = some if zombies > 0 else ""
                raise Mismatch("nothing left of these clients", f"{' and '.join(more)} than before{of_them}")
            self.command.pause(pause)  # no event tells of a thread's end
            pause = min(2 * pause, 0.1)  # to look at a thousand of them takes long


_PARTS = ("{} more processes", "{} more threads", "{} more open descriptors")


class OfScene:
    """What can be expected of the network around a submission."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def to_have_seen_an_attempt(self, since: int | None) -> None:
        """The kernel was asked for at least one connection since it had counted `since`."""
        now = self.scene.connects_tried()
        if now is not None and since is not None and now <= since:
            raise Mismatch(
                "a connection attempt",
                "the kernel counted none",
                "The answer must come from a TCP connect() made in this very call.",
            )


def _kind(target: str) -> str:
    return "a socket" if target.startswith("socket:") else target


@overload
def expect(subject: Call) -> OfCall: ...
@overload
def expect(subject: Listener) -> OfListener: ...
@overload
def expect(subject: Stream) -> OfStream: ...
@overload
def expect(subject: Ended) -> OfEnded: ...
@overload
def expect(subject: Command) -> OfCommand: ...
@overload
def expect(subject: Program) -> OfFunction: ...
@overload
def expect(subject: Subject) -> OfSubject: ...
@overload
def expect(subject: Scene) -> OfScene: ...
def expect(
    subject: Call | Listener | Stream | Ended | Command | Program | Subject | Scene,
) -> OfCall | OfListener | OfStream | OfEnded | OfCommand | OfFunction | OfSubject | OfScene:
    """Begin an expectation of a call, a listener, a connection, a program's end, the submission itself, or the scene."""
    match subject:
        case Call():
            return OfCall(subject)
        case Listener():
            return OfListener(subject)
        case Stream():
            return OfStream(subject)
        case Ended():
            return OfEnded(subject)
        case Command():
            return OfCommand(subject)
        case Program():
            return OfFunction(subject)
        case Subject():
            return OfSubject(subject)
        case Scene():
            return OfScene(subject)
