"""What every server of the lab is to do, whatever it serves: checks that an exercise of a whole program takes over.

    only_loopback = servers.only_loopback.after(listens)

What such a check needs beyond these is the exercise's to say, by `after`.
"""

import signal
import time
from collections.abc import Callable, Iterator

from .command import ENDS
from .vocabulary import LOOPBACK, Command, Mismatch, Scene, check, expect

CROWD, SPARE = 20, 8
"""Whoever keeps threads for the next clients has as many as there ever were clients at once, and a few more by chance."""


@check(
    points=2,
    hint="The address is part of bind(): 127.0.0.1, not every address that there is.",
    why="A server for this machine alone that listens on all addresses is open to the whole network, and nobody notices.",
    more="ip(7): INADDR_ANY means every address of the machine, INADDR_LOOPBACK is 127.0.0.1. In Python an empty host means every address.",
)
def only_loopback(program: Command, scene: Scene) -> None:
    """it listens on 127.0.0.1 alone"""
    with program.serving() as port:
        expect(program).to_listen_only_on(LOOPBACK, port)


@check(
    points=2,
    hint="When bind() or listen() fails: say so on stderr (perror), and exit with another code than 0.",
    why="Scripts and service managers go by the exit code; with 0 they believe that the server runs.",
    more="bind(2) fails with EADDRINUSE. perror(3) writes to stderr; exit(3) and main's return value make the exit code. In Python sys.exit() with a text does both, and sys.exit() with nothing means 0.",
)
def port_taken(program: Command, scene: Scene) -> None:
    """where the port is taken it says so on stderr, and its exit code is not 0"""
    with scene.listener() as peer:
        ended = program.run(str(peer.port))
        expect(ended).to_exit_with_an_error()
        expect(ended).to_have_said_something()


USAGE = "Wrong arguments: the word usage and how it goes, on stderr; then exit code 2."


def refuses(program: Command, *arguments: str) -> None:
    """Started like that, it says how it is to be started, and ends with code 2."""
    ended = program.run(*arguments)
    if ended.code >= 0:  # of a crash the crash is what there is to tell
        expect(ended).to_have_said("usage")
    expect(ended).to_exit(2)


@check(
    points=2,
    hint=USAGE,
    why="Whoever starts it wrongly must learn how; scripts tell by the 2 that it is their own mistake.",
    more="main's argc counts the program's name too; so does len(sys.argv). Messages go to stderr, where a pipeline does not swallow them. exit(3) ends with a code; in Python sys.exit() with a text ends with 1.",
)
def no_argument(program: Command, scene: Scene) -> None:
    """without an argument it says how it is used, and its exit code is 2"""
    refuses(program)


@check(
    points=1,
    needs=(no_argument,),
    hint=USAGE,
    why="An argument that is overlooked is one that somebody meant: the server does not do what they think.",
    more="Compare argc, or len(sys.argv), with exactly one number.",
)
def two_arguments(program: Command, scene: Scene) -> None:
    """with two arguments it says how it is used, and its exit code is 2"""
    refuses(program, str(scene.port()), str(scene.port()))


@check(
    points=2,
    needs=(no_argument,),
    hint="All of the text must be a number: its beginning does not count for the whole.",
    why="80x is a slip of the finger for 8080 or 80; a server that guesses is started on the wrong port.",
    more="atoi(3) cannot tell an error from 0, and overlooks what follows. strtol(3) says where it stopped (endptr): at the end of the text? And did it begin? In Python int() raises ValueError.",
)
def no_number(program: Command, scene: Scene) -> None:
    """what is no number is no port: abc, 80x, an empty text"""
    port = str(scene.port())
    for argument in ("abc", f"{port}x", f"{port}.5", "", "x" + port):
        refuses(program, argument)


@check(
    points=1,
    needs=(no_argument,),
    hint="1 is a port, and so is 65535. Which of your comparisons has them on the wrong side?",
    why="Whoever is told that a port is none looks for the mistake everywhere but in the server.",
    more="A port has 16 bits: the largest number is 65535. Those below 1024 may be for the administrator alone (ip(7)): that is for bind(2) to say, not for you.",
)
def ends_of_the_range(program: Command, scene: Scene) -> None:
    """1 and 65535 are ports like any other"""
    for number in ENDS:
        with program.serving(port=number):
            pass


STOP = (
    "What does the program do about SIGTERM? Without a word about it the kernel ends the program, and that is enough."
)


@check(
    points=2,
    hint=STOP,
    why="A service manager sends SIGTERM, waits, and then kills: whoever does not listen makes every shutdown slow.",
    more="A handler that only sets a flag ends nothing: accept(2) goes on waiting, since signal(2) and Python restart it (SA_RESTART, PEP 475). End it in the handler (_exit(2), sys.exit()), or wake the loop up: sigaction(2) without SA_RESTART, a pipe, signalfd(2).",
)
def sigterm(program: Command, scene: Scene) -> None:
    """SIGTERM ends it within a second while it waits"""
    with program.serving():
        expect(program).to_end_by(signal.SIGTERM, within=1.0)


@check(
    points=1,
    needs=(sigterm,),
    hint="Children live on when their parent ends. Who tells them to end, and what do they still hold?",
    why="The program is gone, says the service manager, and cannot be started again: nobody knows who has the port.",
    more="A listener is there until its last descriptor is closed (close(2)), in children too. A child that serves one client closes the listener first; children that accept are told to end: kill(2) in the handler for SIGTERM, or prctl(2) with PR_SET_PDEATHSIG.",
)
def port_is_left(program: Command, scene: Scene) -> None:
    """when SIGTERM has ended it the port is free, even while clients are connected"""
    with program.serving() as port, scene.clients(port, 3), program.ended_alone(signal.SIGTERM):
        expect(program).to_have_left(port)


BUSY_SECONDS, LOOKING_SECONDS = 1.2, 20.0
"""So many seconds of a processor are more than sixty processes need to begin; and so long it is waited for that they had them."""


def expect_rest(program: Command, seconds: float = 0.5) -> None:
    """For a while it needs less than half of a processor, at the latest when what it was just doing must be done: when it has used
    as much processor time as anybody needs for that, however long that takes on a busy machine.

    There many threads that get up now and then wait long for a processor, which counts: but at some moment all of them sleep.
    Whoever turns in circles never does.
    """
    if not program.observed:
        return  # nothing would be seen
    deadline, enough = time.monotonic() + LOOKING_SECONDS, program.cpu_used() + BUSY_SECONDS
    used, looks = 0.0, 0
    while looks < 2 or (time.monotonic() < deadline and program.cpu_used() < enough):
        looks += 1
        before, asleep = program.cpu_seconds(), False
        for _ in range(20):
            program.pause(seconds / 20)
            asleep = asleep or program.is_asleep()
        used = program.cpu_seconds() - before
        if used < 0.5 * seconds or (asleep and program.footprint().processes == 1):
            return
    raise Mismatch(
        "a program that rests", f"it wanted {used / seconds:.0%} of a processor while there was nothing to do"
    )


A_FEW, MANY_SECONDS = 3, 10.0


def many(count: int) -> Iterator[int]:
    """Numbers up to `count`, or as many of them as go into some seconds, but a few in any case: a server that keeps each client waiting
    would else be judged by nobody."""
    end = time.monotonic() + MANY_SECONDS
    for number in range(count):
        if number >= A_FEW and time.monotonic() > end:
            return
        yield number


VISITS, LONG = 20, 2.0
"""So many visits are enough to judge by, and so many seconds of them."""


def own_seconds(program: Command, visit: Callable[[], float]) -> float:
    """How long a visit takes, on average of the longer half; `visit` makes one and returns how long it took, by
    `Command.own_seconds` as a rule.

    On a busy machine a visit may take long though the server is quick, or it may be over before it could be watched: that half
    tells who sleeps from who does not.
    """
    program.settle()  # what becomes of earlier clients is not this one's
    took: list[float] = []
    while len(took) < VISITS and sum(took) < LONG:
        took.append(visit())
    longer = sorted(took)[len(took) // 2 :]
    return sum(longer) / len(longer)
