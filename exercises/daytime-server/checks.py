"""How daytime-server is graded."""

import contextlib
import math
import signal
import time
from collections.abc import Iterator

from socklab import servers
from socklab.vocabulary import Command, Mismatch, Scene, Stream, check, expect

LINE = len("Tue Nov  4 09:05:07 2025\r\n")
DAY = 24 * 60 * 60
CLOCK_STEP = 0.05
"""Seconds by which one clock of a machine may be behind another: time(2) is only as fine as the kernel's tick."""


def times(before: float, after: float) -> set[bytes]:
    """What ctime() may say between two moments, for a cell that keeps UTC and for one that keeps this machine's zone."""
    seconds = range(int(before - CLOCK_STEP), int(after) + 1)
    return {f"{time.asctime(zone(s))}\r\n".encode() for s in seconds for zone in (time.gmtime, time.localtime)}


def expect_line(client: Stream) -> None:
    """The client gets one line of the right length, whatever it says."""
    line = client.receive_line()
    if not line:
        got = "no byte, and no end of file either" if client.is_silent(0) else "end of file at once"
        raise Mismatch(f"a line of {LINE} bytes", got)
    if len(line) != LINE or not line.endswith(b"\r\n"):
        line += client.receive(100, within=0.1)  # what came with it may tell what went wrong
        raise Mismatch(f"a line of {LINE} bytes that ends with \\r\\n", f"{len(line)} bytes: {shown(line)}")


def expect_a_line(port: int, scene: Scene) -> None:
    """A client gets its line."""
    with scene.client(port) as client:
        expect_line(client)


def expect_service(port: int, scene: Scene) -> None:
    """A client that does all as it should gets its line, and then the end."""
    with scene.client(port) as client:
        expect_line(client)
        expect(client).to_see_the_end()


def expect_service_in(program: Command, port: int, scene: Scene) -> float:
    """A client is served; how many seconds that took the program."""
    with scene.client(port) as client:
        took = program.own_seconds(client)
        expect_line(client)
        took += program.own_seconds(client)
        expect(client).to_see_the_end()
    return took


def waves(port: int, scene: Scene, stack: contextlib.ExitStack) -> Iterator[list[Stream]]:
    """A crowd that comes in fives, each five as fast as they can, and stays."""
    for _ in range(servers.CROWD // 5):
        yield [stack.enter_context(scene.client(port)) for _ in range(5)]


@contextlib.contextmanager
def leaving_nothing(program: Command, scene: Scene, port: int) -> Iterator[None]:
    """Of the clients inside, who may come in fives, nothing is left, even while they stay.

    A crowd comes and goes before: whoever keeps threads for the next clients has then made them. And three come after: a child may be
    waited for when the next client comes.
    """
    with contextlib.ExitStack() as stack:
        for wave in waves(port, scene, stack):
            for client in wave:
                expect_line(client)
                client.close()
    program.settle()
    before = program.footprint(zombies=False)
    yield
    for _ in range(3):
        expect_a_line(port, scene)
    expect(program).to_come_back_to(before, spare=servers.SPARE)


def expect_the_time(port: int, scene: Scene, since: float = math.inf) -> None:
    """A client gets the time of the moment in which it came; a time `since` then will do as well."""
    before = time.time()
    with scene.client(port) as client:
        line = client.receive_line()
    after = time.time()
    if line not in times(min(since, before), after):
        first, *rest = sorted(times(before, after))
        wanted = " or ".join(map(shown, (first, *rest[-1:])))  # a server that is waited for has many to choose from
        got = shown(line) if line else "nothing"
        raise Mismatch(wanted, got, "The clock was read just before and just after.")


MORNING, AFTERNOON = (9, 5, 2), (15, 45, 50)
"""Times of day: one that has only single digits, and one that tells 24 hours from 12."""


def ahead_for(clock: tuple[int, int, int]) -> int:
    """By how many seconds clocks of a zone must be ahead of UTC, at most half a day, to show that time of day now."""
    hours, minutes, seconds = clock
    ahead = (hours * 3600 + minutes * 60 + seconds - int(time.time())) % DAY
    return ahead - DAY if ahead > DAY // 2 else ahead


def zone(ahead: int, *, summer: bool) -> str:
    """A zone, as TZ says it, whose clocks are so many seconds ahead of UTC now. It has summer time, an hour more than in winter; which
    of the two it is there stays so for two months."""
    standard = ahead - 3600 if summer else ahead
    winters, summers = (
        f"{'-' if offset > 0 else ''}{abs(offset) // 3600}:{abs(offset) // 60 % 60:02}:{abs(offset) % 60:02}"
        for offset in (standard, standard + 3600)
    )
    today = time.gmtime().tm_yday
    begins, ends = ((today + days) % 365 + 1 for days in ((-120, 120) if summer else (80, -80)))
    return f"LAB{winters}LST{summers},J{begins}/0,J{ends}/0"


def until_a_second_begins(program: Command) -> None:
    """Wait a second at least, and then until another one has just begun, by every clock."""
    ready = time.time() + 1.1
    program.pause(math.ceil(ready) + 2 * CLOCK_STEP - time.time())


STARTS = 6
"""How often it is started at most, until it begins well after the turn of a second: whoever looks at the clock once a second, and
always just after the turn, is late for too short a time to be noticed."""


def shown(line: bytes) -> str:
    """Bytes as a C programmer writes them."""
    return '"' + ascii(line)[2:-1].replace('"', '\\"') + '"'


@contextlib.contextmanager
def client_with_a_question(program: Command, scene: Scene, port: int) -> Iterator[Stream]:
    """A client whose first words are there before it is accepted."""
    with contextlib.ExitStack() as stack:
        with program.paused():
            client = stack.enter_context(scene.client(port))
            client.send(b"GET / HTTP/1.0\r\n\r\n")
        yield client


# -- one client ------------------------------------------------------------------------------------------------------


@check(
    points=2,
    hint="socket(), bind(), listen(): then the kernel lets clients in. Is the port in network byte order?",
    why="A server that listens elsewhere than it was told to is not found by anybody.",
    more="ip(7) describes the address: AF_INET, then port and address in network byte order (htons(3), htonl). The argument is a text: argv[1], sys.argv[1]. In Python bind() takes a pair, and a port as a plain int.",
)
def listens(program: Command, scene: Scene) -> None:
    """it listens on the port that it was given, and lets a client in"""
    with program.serving() as port, scene.client(port) as client:
        client.is_silent(0.2)  # it may say its line; clients that leave before are for the checks below


@check(
    points=3,
    needs=(listens,),
    hint="26 bytes: the 24 characters of ctime()'s text, then \\r and \\n. ctime() puts a newline of its own at the end.",
    why="Clients read up to the end of the line as the protocol defines it; one that waits for its carriage return waits forever.",
    more='ctime(3) shows the text: "%.24s" takes it without its newline. In Python time.ctime() has none. Text becomes bytes by encode().',
)
def one_line(program: Command, scene: Scene) -> None:
    """a client gets a line of 26 bytes that ends with carriage return and newline"""
    with program.serving() as port, scene.client(port) as client:
        expect_line(client)


@check(
    points=2,
    needs=(one_line,),
    hint="After the line comes close(): only that tells the client that nothing more follows. And nothing more may follow.",
    why="A client that reads to the end hangs as long as the connection stays open, and shows whatever bytes come too many.",
    more="close(2) sends the end once no descriptor of the connection is left, in a child neither. What strlen(3) counts has no NUL in it. In Python a connection stays open as long as some variable holds it: close it, or use with.",
)
def then_the_end(program: Command, scene: Scene) -> None:
    """after the line comes the end of file, and nothing before it"""
    with program.serving() as port:
        for _ in range(2):
            with scene.client(port) as client:
                expect_line(client)
                expect(client).to_see_the_end()


@check(
    points=2,
    needs=(one_line,),
    hint="It is the text of ctime(): weekday, month, day with two places, time, year. In English, and of now.",
    why="Programs read these bytes by their position; a time in another form is no time to them.",
    more="ctime(3) and asctime(3) have the form; with strftime(3) the day is %e, not %d. time(2) has the time, and localtime(3) makes local time of it.",
)
def the_time(program: Command, scene: Scene) -> None:
    """the line is the time, as ctime() writes it"""
    begun = time.time()
    with program.serving() as port:
        expect_the_time(port, scene, since=begun)  # which moment's time it must be is for the next check


@check(
    points=2,
    long=True,
    needs=(the_time,),
    hint="Read the clock when the client is there: after accept(), for each one anew.",
    why="A server runs for weeks; a time that was taken before is wrong by as long as nobody came.",
    more="accept(2) may wait for hours. Which comes first in your loop, accept(2) or time(2)? And is time(2) in the loop at all?",
)
def the_time_of_each(program: Command, scene: Scene) -> None:
    """a client that comes later gets a later time, that of its own coming"""
    for left in reversed(range(STARTS)):
        with program.serving() as port:
            if left and time.time() % 1 < 0.3:
                continue
            expect_the_time(port, scene)
            if program.observed:
                until_a_second_begins(program)
            expect_the_time(port, scene)
            if program.observed:
                program.pause(1.6)  # into the later half of the next one: one may round, or tell even seconds alone
            expect_the_time(port, scene)
            return


@check(
    points=1,
    needs=(the_time_of_each,),
    hint="Local time is meant: that of the zone in which the program runs.",
    why="A clock that is wrong by whole hours is worse than none: everybody believes it.",
    more="localtime(3) and ctime(3) know the zone, from the variable TZ or from the system (tzset(3)); gmtime(3) gives the time of Greenwich. In Python time.ctime() and datetime.now() are local.",
)
def local_time(program: Command, scene: Scene) -> None:
    """it is local time: started with TZ for another zone, it tells that zone's time"""
    for clock, summer in ((MORNING, True), (AFTERNOON, False)):
        ahead = ahead_for(clock)
        there = zone(ahead, summer=summer)
        with program.serving(environment={"TZ": there}) as port:
            before = time.time()
            with scene.client(port) as client:
                line = client.receive_line()
            seconds = range(int(before - CLOCK_STEP), int(time.time()) + 1)
            wanted = [f"{time.asctime(time.gmtime(s + ahead))}\r\n".encode() for s in seconds]
            if line not in wanted:
                got = shown(line) if line else "nothing"
                summers = f"It was started with TZ={there}, where it is summer now."
                winters = f"It was started with TZ={there}, where there is summer time, but not now."
                raise Mismatch(shown(wanted[-1]), got, summers if summer else winters)


# -- many clients ----------------------------------------------------------------------------------------------------

OUTLIVE = "accept() belongs into a loop, close() of the listener does not."


@check(
    points=2,
    needs=(one_line,),
    hint=OUTLIVE,
    why="A server that serves one client is gone for all others.",
    more="Two descriptors are at work: the listener, from socket(2), which stays, and one from accept(2) for each client. Which of them does your loop close?",
)
def one_after_another(program: Command, scene: Scene) -> None:
    """ten clients, one after another, all get their line"""
    with program.serving() as port:
        for _ in range(10):
            expect_a_line(port, scene)
        expect(program).to_live()


@check(
    points=2,
    needs=(then_the_end, one_after_another),
    hint="Serve, close, next: no pause, and nothing that adds up.",
    why="Servers work for years; what goes wrong once in a hundred clients goes wrong there every hour.",
    more="sleep(3) before close(2) is of no use: the kernel sends what was written, after close(2) as well. What does each client cost that is not given back?",
)
def three_hundred(program: Command, scene: Scene) -> None:
    """three hundred clients are served within ten seconds"""
    count = 300 if program.observed else 30
    with program.serving() as port:
        begun = time.monotonic()
        for _ in range(count):
            expect_service(port, scene)
            if time.monotonic() > begun + 10:
                break
        else:
            return
        own = servers.own_seconds(program, lambda: expect_service_in(program, port, scene))
        if own * count > 10:
            raise Mismatch(f"{count} clients in 10 seconds", f"each takes {own * 1000:.0f} ms")


@check(
    points=2,
    needs=(then_the_end, one_after_another),
    hint="Each accept() gives a descriptor that is yours to close, once. Threads and children end, and are waited for.",
    why="At the usual limit of 1024 descriptors a server that loses one a client lasts for a thousand clients.",
    more="shutdown(2) ends the connection, but only close(2) gives the descriptor back. Children that ended stay in the table until wait(2). Look into /proc/PID/fd (proc(5)) while your server runs.",
)
def nothing_left(program: Command, scene: Scene) -> None:
    """after fifty clients it has as many descriptors, threads and processes as before"""
    with program.serving() as port, leaving_nothing(program, scene, port):
        for _ in servers.many(50):
            expect_service(port, scene)


@check(
    points=1,
    needs=(then_the_end, one_after_another),
    languages=("c",),
    hint="A thread that has ended is not forgotten by itself: somebody may still ask how it ended.",
    why="The stack of each thread stays reserved, 8 MiB for each client that ever came, until no thread can be made.",
    more="pthread_create(3): a thread must be joined (pthread_join(3)) or detached (pthread_detach(3)), else its memory is never given back. What is mapped shows in /proc/PID/maps (proc(5)).",
)
def memory_comes_back(program: Command, scene: Scene) -> None:
    """after two hundred clients it has no more memory reserved than before"""
    with program.serving() as port:
        for _ in servers.many(servers.CROWD):
            expect_service(port, scene)
        program.settle()
        before = program.mappings()
        for _ in servers.many(200):
            expect_service(port, scene)
        more = program.mappings() - before
        if more > 200:
            raise Mismatch("memory that comes back", f"{more} more pieces of memory than before")


@check(
    points=1,
    needs=(one_after_another,),
    hint="What is listen()'s second argument for?",
    why="Clients come in bursts; whoever finds the queue full waits for a second or more, and nobody sees why.",
    more="listen(2): the backlog is the number of connections that may wait for accept(2). It costs nothing to give it more; SOMAXCONN is the most.",
)
def five_at_once(program: Command, scene: Scene) -> None:
    """five clients that come at the same moment all get in"""
    with program.serving() as port, contextlib.ExitStack() as stack:
        with program.paused():
            clients = [stack.enter_context(scene.client(port)) for _ in range(5)]
        for client in clients:
            expect_line(client)


@check(
    points=1,
    needs=(one_line,),
    hint="While there is nothing to do the program must sleep in a call: accept(), poll(), select().",
    why="A server that asks all the time whether somebody is there takes a processor away from all others, day and night.",
    more="Is the listener non-blocking? Then accept(2) returns at once with EAGAIN, and the loop needs poll(2) to wait. A blocking accept(2) waits by itself.",
)
def sleeps_while_idle(program: Command, scene: Scene) -> None:
    """while nobody comes it uses no CPU time"""
    with program.serving() as port:
        expect_a_line(port, scene)
        servers.expect_rest(program)
        if scene.let_time_run_out(program, 0.1):
            servers.expect_rest(program)
        expect_a_line(port, scene)


# -- clients that do not do as they should ---------------------------------------------------------------------------

ASK_NOTHING = "That somebody connects is the question. Write at once, close, and turn to the next; wait for nothing."


@check(
    points=2,
    needs=(one_line,),
    hint=ASK_NOTHING,
    why="One telephone that nobody hangs up must not take the exchange out of service.",
    more="Is there a recv(2) or read(2) before your answer, or one behind it that waits for the end? Either waits as long as the client likes.",
)
def silent_clients(program: Command, scene: Scene) -> None:
    """clients that say nothing, read nothing and stay do not keep the next one waiting"""
    with program.serving() as port, contextlib.ExitStack() as stack:
        silent: list[Stream] = []
        with leaving_nothing(program, scene, port):
            for wave in waves(port, scene, stack):
                silent += wave
                expect_a_line(port, scene)
        for client in silent:
            expect_line(client)


@check(
    points=1,
    needs=(one_line,),
    hint=ASK_NOTHING,
    why="Monitors and browsers speak first, whatever they have connected to; the next client must not suffer from it.",
    more="What the client has said need not be read. If the bytes are still there at close(2), the kernel answers with a reset, and the line is on its way already.",
)
def client_speaks_first(program: Command, scene: Scene) -> None:
    """a client that says something first gets its line all the same, and so does the next one"""
    with program.serving() as port:
        for _ in range(3):
            with client_with_a_question(program, scene, port) as client:
                expect_line(client)
        expect_service(port, scene)


GONE = "A client that is gone before its answer is an everyday event: give up this one, go on with the next."


def gone_before_accept(port: int, scene: Scene) -> None:
    """A client that resets, one that finishes and then resets, and one that hangs up."""
    with scene.client(port) as client:
        client.reset()
    with scene.client(port) as client:
        client.finish()
        client.reset()
    with scene.client(port) as client:
        client.close()


@check(
    points=2,
    needs=(one_after_another,),
    hint=GONE,
    why="Anybody with a port scanner could end the server otherwise, without even meaning to.",
    more="send(2) and write(2) may fail with ECONNRESET, getpeername(2) and shutdown(2) with ENOTCONN: close(2), and back to accept(2). In Python each is an OSError that ends the program unless it is caught.",
)
def client_resets(program: Command, scene: Scene) -> None:
    """clients that reset the connection before they are accepted do not end it"""
    with program.serving() as port:
        for _ in range(5):
            with program.paused():
                for _ in range(3):
                    with scene.client(port) as client:
                        client.reset()
            expect_service(port, scene)
        expect(program).to_live()


@check(
    points=2,
    needs=(one_after_another,),
    hint="Writing to a connection that nobody reads any more raises a signal. What does SIGPIPE do to a program that has not said anything about it?",
    why="It is the classic way to lose a server: no message, no core file, it is just gone.",
    more="signal(7) lists SIGPIPE with the action Term. It can be ignored for the whole program (sigaction(2), SIG_IGN) or for one call (send(2), MSG_NOSIGNAL). Python ignores it, unless it is told otherwise, and raises BrokenPipeError.",
)
def sigpipe(program: Command, scene: Scene) -> None:
    """clients that have finished and are gone (SIGPIPE, EPIPE) do not end it"""
    with program.serving() as port:
        for _ in range(5):
            with program.paused():
                for _ in range(3):
                    with scene.client(port) as client:
                        client.finish()
                        client.reset()
            expect_service(port, scene)
        expect(program).to_live()


@check(
    points=1,
    needs=(client_resets, sigpipe),
    hint="On the way out for a client that is gone, too, its descriptor is closed.",
    why="Errors come in storms; a server that loses a descriptor at each breaks down just when it is busiest.",
    more="Follow the way on which write(2) or send(2) fails: is there a close(2) on it, or does continue jump over it? In Python, with and finally act on each way.",
)
def nothing_left_of_them(program: Command, scene: Scene) -> None:
    """of clients that are gone before their answer nothing is left either"""
    with program.serving() as port, leaving_nothing(program, scene, port):
        for _ in servers.many(5 * servers.SPARE):  # two children share one SIGCHLD only now and then
            with program.paused():
                gone_before_accept(port, scene)
            expect_service(port, scene)


# -- start and end ---------------------------------------------------------------------------------------------------


only_loopback = servers.only_loopback.after(listens)


@check(
    points=2,
    needs=(then_the_end,),
    hint="The side that closes first keeps the port in TIME_WAIT for a minute. Which socket option lets you bind it all the same?",
    why="After an update the server is to start again at once; a minute of 'Address already in use' is a minute without it.",
    more="socket(7) has SO_REUSEADDR. It must be set before bind(2). In Python create_server() sets it, socketserver does not unless told so (allow_reuse_address).",
)
def restart(program: Command, scene: Scene) -> None:
    """stopped after some clients, it starts again at once on the same port"""
    with contextlib.ExitStack() as stack:
        with program.serving() as port:
            for _ in range(3):
                expect_service(port, scene)
            stays = stack.enter_context(scene.client(port))
            expect_line(stays)
        with program.serving(port=port):
            expect_service(port, scene)


port_taken = servers.port_taken.after(listens)


@check(
    points=1,
    needs=(port_taken, one_line),
    hint="Two programs on one port must not happen by accident. Which option have you set?",
    why="With two servers on one port clients end up at the old one or the new one by chance, and nobody understands the answers.",
    more="socket(7) tells SO_REUSEADDR from SO_REUSEPORT: the second lets several listeners share a port, if all of them say so.",
)
def second_instance(program: Command, scene: Scene) -> None:
    """a second one on the same port does not start"""
    with program.serving() as port:
        expect(program.run(str(port))).to_exit_with_an_error()
        expect_a_line(port, scene)


no_argument, two_arguments, no_number = servers.no_argument, servers.two_arguments, servers.no_number


RANGE = "Ports are 1 to 65535. Compare the number as it was given, before it is put into anything smaller."


@check(
    points=1,
    needs=(no_argument,),
    hint=RANGE,
    why="A setting that is missing is often read as 0 or -1; the server then listens somewhere, and nobody knows where.",
    more="For port 0 bind(2) picks any free one (ip(7)), and as 16 bits without a sign -1 is 65535. In Python bind() takes 0 too, and raises OverflowError for -1.",
)
def zero_and_below(program: Command, scene: Scene) -> None:
    """0 and -1 are no ports"""
    servers.refuses(program, "0")
    servers.refuses(program, "-1")


@check(
    points=1,
    needs=(no_argument,),
    hint=RANGE,
    why="One digit too many makes another port of it: the server listens where nobody looks for it.",
    more="htons(3) keeps 16 bits: of 65536 + 80 it leaves 80. Which comes first, the comparison or the conversion? In Python bind() raises OverflowError.",
)
def above_65535(program: Command, scene: Scene) -> None:
    """65536 is no port, nor is any number above it, whatever its low 16 bits are"""
    servers.refuses(program, "65536")
    servers.refuses(program, str(65536 + scene.port()))


@check(
    points=1,
    needs=(no_argument,),
    hint=RANGE,
    why="Numbers from files and scripts can be of any length; cut to size, each of them is some port.",
    more="An int has 32 bits: what type has the variable that you compare? strtol(3) tells by ERANGE that a number does not fit into a long; atoi(3) tells nothing.",
)
def far_above(program: Command, scene: Scene) -> None:
    """numbers of more than 32 or 64 bits are no ports"""
    port = scene.port()
    for number in (99999999999, 2**32 + port, 2**64 + port):
        servers.refuses(program, str(number))


ends_of_the_range = servers.ends_of_the_range.after(listens)
sigterm = servers.sigterm.after(listens)


@check(
    points=1,
    needs=(sigterm, one_line),
    hint=servers.STOP,
    why="There is always some client connected; if the server waits for it, it never ends.",
    more="Where does the program stand when the signal comes: still in accept(2), or in a call that waits for a client or a child? That call must end too.",
)
def sigterm_after_clients(program: Command, scene: Scene) -> None:
    """SIGTERM ends it after some clients too, one of which stays"""
    with program.serving() as port:
        for _ in range(3):
            expect_a_line(port, scene)
        with scene.client(port) as stays:
            expect_line(stays)
            expect(program).to_end_by(signal.SIGTERM, within=1.0)


port_is_left = servers.port_is_left.after(sigterm_after_clients)


@check(
    points=1,
    needs=(one_after_another,),
    hint="Only SIGTERM is to end it. A call that fails with EINTR was interrupted: call it again.",
    why="A window that is resized or a job that is suspended must not cost the service.",
    more="signal(7) lists which signals are ignored by default; a handler for SIGCHLD or a loop around epoll_wait(2) must cope with EINTR. In Python such calls go on by themselves.",
)
def harmless_signals(program: Command, scene: Scene) -> None:
    """signals that programs usually ignore, and being stopped and continued, do not end it"""
    with program.serving() as port:
        for number in (signal.SIGCHLD, signal.SIGWINCH, signal.SIGURG):
            program.signal(number)
            expect_a_line(port, scene)
        with program.paused():
            pass
        expect_service(port, scene)
        expect(program).to_live()


# -- manners ---------------------------------------------------------------------------------------------------------


@check(
    points=1,
    needs=(client_resets,),
    hint="One close() for each accept(), on every path. fclose() closes the descriptor below as well.",
    why="In a program with threads the second close() hits a connection that somebody else has just got.",
    more="close(2) tells how numbers are used again, and fclose(3) what it does with the descriptor. Is there one close in a helper and another one at the end?",
)
def closes_only_its_own(program: Command, scene: Scene) -> None:
    """nothing is closed twice"""
    scene.need_recorder()
    with program.serving() as port:
        for _ in range(3):
            expect_service(port, scene)
        with scene.client(port) as client:
            client.reset()
        expect_service(port, scene)
        expect(program).to_have_closed_only_its_own()


@check(
    points=1,
    last=True,
    needs=(listens,),
    hint="The time is one call away; no date command and no shell is needed.",
    why="Starting a program for each client takes far longer than the answer, and where it is not installed there is none.",
    more="The top of this report names the call, and its line if that is known. time(2) and ctime(3), or Python's time module, do what date(1) would do.",
)
def tries_nothing_forbidden(program: Command, scene: Scene) -> None:
    """nothing is tried that reaches beyond sockets: other programs, the system itself"""
    expect(program).to_have_tried_nothing_forbidden()


# -- memory ----------------------------------------------------------------------------------------------------------


@check(
    points=3,
    languages=("c",),
    sanitized=True,
    hint="Look at sizes: of the buffer, of the line with its NUL, of what you send. Is anything used that was never set?",
    why="A byte too many can go well for years, and then crash the server for a reason that nobody finds.",
    more="26 characters and a NUL need room for 27 (snprintf(3)); memory of ctime(3) ends after 26 bytes. Compile it with gcc -g -fsanitize=address,undefined and connect: the report names line and variable.",
)
def memory(program: Command, scene: Scene) -> None:
    """every access to memory stays within what the code owns (AddressSanitizer, UBSan)"""
    expect(program).to_have_no_memory_errors()


# -- bonus -----------------------------------------------------------------------------------------------------------


@check(
    points=1,
    bonus=True,
    needs=(client_speaks_first, silent_clients),
    hint="A close() with unread bytes sends a reset. What would have to happen to them before, and for how long at most?",
    why="On a slow line a reset can overtake the answer: the client then sees an error instead of the time.",
    more="shutdown(2) with SHUT_WR sends the end alone; then recv(2) what is there, without waiting for more (MSG_DONTWAIT, or a short time limit), and close(2).",
)
def clean_end(program: Command, scene: Scene) -> None:
    """a client that has said something first sees a proper end, not a reset"""
    with program.serving() as port:
        for _ in range(3):
            with client_with_a_question(program, scene, port) as client:
                expect_line(client)
                expect(client).to_see_the_end()
