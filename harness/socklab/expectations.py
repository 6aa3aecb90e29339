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
from .peers import WAIT_SECONDS, Listener
from .program import Call, Mismatch, Program
from .scene import Scene


def is_name(node: str) -> bool:
    """Whether a lookup of `node` had to look up a name: it is no address in numbers, not even a short one like 127.1."""
    for parse in (socket.inet_aton, functools.partial(socket.inet_pton, socket.AF_INET6)):
        with contextlib.suppress(OSError):
            parse(node)
            return False
    return node != ""


_FORKS = ("clone", "fork", "vfork")
_LIBRARY_TOOLS = ("ldconfig", "gcc", "cc", "ld", "objdump")

SENT = "That connect() succeeds is the whole answer."


class OfCall:
    """What can be expected of one call."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def to_return(self, *wanted: int) -> None:
        """The call returned one of `wanted`, as an int."""
        expected = " or ".join(map(str, wanted))
        claim = self.call.claim
        if claim.kind == protocol.OTHER:
            kind, _, shown = self.call.text.partition(" ")
            raise Mismatch(expected, shown or kind, f"The answer must be an int; this is a {kind}.", self.call.words)
        if claim.kind == protocol.RAISED:
            line, _, what = self.call.text.partition(": ")
            where = f" at line {line}" if line != "0" else ""
            raise Mismatch(
                expected, f"{what}{where}", "The exception left the function; nobody gets an answer.", self.call.words
            )
        if claim.value not in wanted:
            raise Mismatch(expected, str(claim.value), "", self.call.words)


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


class OfProgram:
    """What can be expected of the submission's process, seen from outside, and of the calls that it made."""

    def __init__(self, program: Program) -> None:
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

        Python's ctypes.util.find_library() starts a few programs when a file is loaded, and does without them: let pass.
        """
        for refused in self.program.refused:
            looking = refused.name in _FORKS or refused.words.rpartition("/")[2] in _LIBRARY_TOOLS
            if not (refused.loading and looking):
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
def expect(subject: Program) -> OfProgram: ...
@overload
def expect(subject: Scene) -> OfScene: ...
def expect(subject: Call | Listener | Program | Scene) -> OfCall | OfListener | OfProgram | OfScene:
    """Begin an expectation of a call, a listener, the submission's process, or the scene."""
    match subject:
        case Call():
            return OfCall(subject)
        case Listener():
            return OfListener(subject)
        case Program():
            return OfProgram(subject)
        case Scene():
            return OfScene(subject)
