"""How probe-with-timeout is graded."""

import contextlib
import errno
import itertools
from collections.abc import Iterator

from socklab.vocabulary import LOOPBACK, Mismatch, Program, Scene, check, expect, hang_up

INT_MAX, INT_MIN = 2**31 - 1, -(2**31)
OPEN, CLOSED, FILTERED, ERROR = 0, -1, 1, -2

HOUR, DAY = 3_600_000, 86_400_000  # milliseconds
TOO_MANY_MILLISECONDS, TOO_MANY_MICROSECONDS = 2**16, 2**32 // 1000 + 1
"""Milliseconds of which nearly nothing is left in 16 bits; and as microseconds in 32."""

AMPLE = 600
"""Milliseconds that are more than enough for an answer that comes at once, and less than a second."""

PATIENT = 9_500
"""Milliseconds that no error takes: a blocking connect() hears of some only after a second, and the grader itself may be slow."""

GRACE = 0.15
"""Seconds that an answer may take which is there at once, and that a wait may take beyond its time."""

# -- the three answers -----------------------------------------------------------------------------------------------


@check(
    points=3,
    hint="When connect() to 127.0.0.1 succeeds, at once or after a while, somebody listens there: 0.",
    why="A load balancer that misses a running server sends all its visitors to the others until they break down.",
    more="A connect(2) that does not block leaves with EINPROGRESS, of open ports too. When the socket is writable it is decided. In Python a socket with a timeout does all this by itself.",
)
def open_port(program: Program, scene: Scene) -> None:
    """a port that somebody listens on is open: 0"""
    with scene.listener() as peer:
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)
        expect(peer).to_have_been_called()


@check(
    points=3,
    hint="A refusal makes the socket ready as well. That something has happened is known then, but not yet what.",
    why="A scanner that takes the refusal for a success reports 65,535 open ports on every machine.",
    more="connect(2), at EINPROGRESS, says which option of getsockopt(2) tells how it ended, and socket(7) explains it. ECONNREFUSED may also come at once, from connect() itself. In Python it is an exception of its own.",
)
def closed_port(program: Program, scene: Scene) -> None:
    """a port that nobody listens on is closed: -1"""
    with scene.closed_port() as port:
        before = scene.connects_tried()
        expect(program.call(port, AMPLE)).to_return(CLOSED)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=3,
    hint="Nobody answers on that port, neither yes nor no. When the time that you were given is over, that is an answer of its own: 1.",
    why="One silent firewall among a thousand addresses stops a scan for two minutes, or for good.",
    more="A blocking connect(2) waits as long as the kernel does. poll(2) and select(2) return 0 when their time is over. In Python look at what settimeout() does, and when it must be called.",
)
def filtered_port(program: Program, scene: Scene) -> None:
    """a port that does not answer in time is filtered: 1"""
    with scene.filtered() as port:
        before = scene.connects_tried()
        expect(program.call(port, 100)).to_return(FILTERED)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=1,
    hint="Ports are 1 to 65535, and the ends belong to them.",
    why="A scan that leaves out the ends of the range calls a machine quiet although something runs on it.",
    more="Look at the comparison that sorts out bad numbers: do 1 and 65535 pass it? And what is the number kept in? 65535 fits in_port_t (ip(7)), but no short.",
)
def ends_of_the_range(program: Program, scene: Scene) -> None:
    """the lowest and the highest port, 1 and 65535, can be open"""
    for number in (1, 65535):
        with scene.listener(port=number) as peer:
            expect(program.call(number, AMPLE)).to_return(OPEN)
            expect(peer).to_have_been_called()


@check(
    points=1,
    hint="The connection is the whole answer. The server's owner may be slow to accept, and need not say a word.",
    why="Busy servers take seconds to accept; a monitor that waits for a greeting takes them out of service.",
    more="Which event do you wait for? A socket that has just been connected can be written to; there is something to read only when the other side sends or hangs up (connect(2), poll(2)).",
)
def open_and_silent(program: Program, scene: Scene) -> None:
    """a listener that never accepts and never says a word is open, each time it is asked"""
    with scene.listener() as peer:
        for _ in range(3):
            expect(program.call(peer.port, 300)).to_return(OPEN)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="It accepted; what the other side does after that changes nothing.",
    why="Servers that hang up on strangers are running all the same; an alarm about them wakes somebody for nothing.",
    more="SO_ERROR (socket(7)) is 0 then. Hanging up makes the socket readable, and POLLHUP may be set (poll(2)): neither is an error of the connection.",
)
def open_then_hang_up(program: Program, scene: Scene) -> None:
    """a port that accepts and at once hangs up is open"""
    with scene.listener(then=hang_up) as peer:
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="Ask anew in every call; what was true a moment ago need not be true now.",
    why="A monitor that goes by what it saw before reports a server that has crashed as healthy.",
    more="No static or global variable may carry anything into the next call: each has a socket(2) and a connect(2) of its own.",
)
def asks_anew(program: Program, scene: Scene) -> None:
    """a port is closed as soon as its listener is gone, and open as soon as it is back"""
    with scene.listener() as peer:
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)
    expect(program.call(peer.port, AMPLE)).to_return(CLOSED)
    with scene.listener(port=peer.port):
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)


# -- time ------------------------------------------------------------------------------------------------------------

UNITS = "Compare how long it took with what was asked: does the unit fit, and is nothing lost in a division?"


@check(
    points=2,
    needs=(filtered_port,),
    hint=UNITS,
    why="Too short, and a server far away is called filtered; too long, and a check every second takes ten.",
    more="poll(2) counts milliseconds, select(2) seconds and microseconds, ppoll(2) seconds and nanoseconds; Python's sockets and selectors count seconds, which may have a fraction, and its select.poll() milliseconds.",
)
def waits_as_long_as_told(program: Program, scene: Scene) -> None:
    """a port that does not answer is waited for as long as asked, and at most 150 ms longer"""
    with scene.filtered() as port:
        for timeout in (80, 350):
            call = program.call(port, timeout)
            expect(call).to_return(FILTERED)
            expect(call).to_take(at_least=timeout / 1000, at_most=timeout / 1000 + GRACE)


@check(
    points=1,
    needs=(filtered_port,),
    hint="Compare how long it took with what was asked. Of a time in two fields: what belongs into the first, and what is allowed in the second?",
    why="It works with the short times of the tests, and fails with the longer ones of real networks.",
    more="In a timespec of ppoll(2) or pselect(2) the nanoseconds end at 999,999,999; more is EINVAL. A timeval's microseconds end at 999,999. And are the seconds filled in at all?",
)
def waits_more_than_a_second(program: Program, scene: Scene) -> None:
    """a timeout of 1.1 seconds is kept too"""
    with scene.filtered() as port:
        call = program.call(port, 1100)
        expect(call).to_return(FILTERED)
        expect(call).to_take(at_least=1.1, at_most=1.1 + GRACE)


@check(
    points=2,
    needs=(open_port, closed_port),
    hint="The timeout is a limit, no appointment: when the answer is there, return.",
    why="A scan of a thousand ports with a second each takes a quarter of an hour, where it could take a moment.",
    more="poll(2), select(2) and Python's selectors return early, as soon as something happens; sleep() does not. A refusal is an answer as well: whether to ask again is up to the caller.",
)
def answers_at_once(program: Program, scene: Scene) -> None:
    """an answer that is there is given at once, however long the timeout"""
    with scene.listener() as peer, scene.closed_port() as closed:
        for port, answer in ((peer.port, OPEN), (closed, CLOSED)):
            call = program.call(port, AMPLE)
            expect(call).to_return(answer)
            expect(call).to_take(at_most=GRACE)


@check(
    points=1,
    needs=(answers_at_once,),
    hint="Any int is a timeout. A day has 86,400,000 milliseconds; what do your units make of that?",
    why="Whoever wants no limit passes the largest number there is, and then of all times gets an error, or none at all.",
    more="A day in microseconds does not fit into an int, INT_MAX milliseconds not even by far. Compute times in long long, or in seconds and a rest. In Python numbers do not overflow, but calls may raise OverflowError.",
)
def very_long_timeouts(program: Program, scene: Scene) -> None:
    """with a timeout of a day, or of the largest int, the answer still comes at once"""
    with scene.listener() as peer, scene.closed_port() as closed:
        for timeout in (DAY, INT_MAX):
            for port, answer in ((peer.port, OPEN), (closed, CLOSED)):
                call = program.call(port, timeout)
                expect(call).to_return(answer)
                expect(call).to_take(at_most=GRACE)


@check(
    points=1,
    needs=(filtered_port,),
    hint="The port was silent first and answered then. The time was far from over.",
    why="A server that is just waking up is given time by its caller, and then called dead at once.",
    more="What is the number that poll(2) or select(2) gets, if the timeout is an hour, or INT_MAX? A negative time, or a deadline in the past, comes from an int that was too small. And does EINTR end your wait?",
)
def answer_during_a_long_wait(program: Program, scene: Scene) -> None:
    """a port that is silent at first and then open is open, if the timeout is a minute, an hour or more"""
    for timeout in (TOO_MANY_MILLISECONDS, TOO_MANY_MICROSECONDS):
        with scene.opening(after=0.05) as port:
            expect(program.call(port, timeout)).to_return(OPEN)
    for timeout in (HOUR, INT_MAX):
        with scene.interrupting() as port:
            expect(program.call(port, timeout)).to_return(OPEN)


LATE = 0.55
"""Seconds after which a port answers that was silent before."""


@check(
    points=1,
    needs=(filtered_port, answers_at_once),
    hint="Nothing had happened for a while, and then the answer came. Who was still waiting for it, and for what?",
    why="Servers far away, or busy ones, answer late; each of them costs the whole timeout, or counts as silent.",
    more="If you wait in rounds: select(2) changes the sets that it is given, so fill them anew for each round; and a sleep() between two looks must be short. The best wait is a single one that ends with the answer: poll(2) with the whole timeout.",
)
def answers_when_it_comes(program: Program, scene: Scene) -> None:
    """an answer that comes after half a second is given when it comes"""
    with scene.opening(after=LATE) as port:
        call = program.call(port, PATIENT)
        expect(call).to_return(OPEN)
        expect(call).to_take(at_most=LATE + 3 * GRACE)  # the grader may be late too


@check(
    points=2,
    needs=(waits_as_long_as_told,),
    hint="After a signal poll(), select() and connect() return with EINTR, and nothing is decided yet. How much time is left?",
    why="In a program with a timer the timeout then never ends, or every slow server is called dead.",
    more="signal(7) lists the calls that a handler ends early, in spite of SA_RESTART too. Note when the time ends (clock_gettime(2), CLOCK_MONOTONIC), and wait again for the rest only.",
)
def signals_while_waiting(program: Program, scene: Scene) -> None:
    """signals every 20 ms make the wait neither longer nor shorter"""
    with scene.filtered() as port, scene.signals(every=0.02):
        call = program.call(port, 999)  # so a second ends meanwhile, and with it the fraction of most deadlines
        expect(call).to_return(FILTERED)
        expect(call).to_take(at_least=0.999, at_most=0.999 + GRACE)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint="0 milliseconds, or fewer: do not wait. Which of your calls takes a number like that to mean for ever?",
    why="A caller who subtracts what has passed from what was allowed ends up below 0, and then hangs.",
    more="A negative timeout lets poll(2) and epoll_wait(2) wait for ever, and an SO_SNDTIMEO of zero does the same (socket(7)). select(2) calls it EINVAL, Python's settimeout() a ValueError.",
)
def no_time_at_all(program: Program, scene: Scene) -> None:
    """with a timeout of 0, or a negative one, any of the four answers comes at once"""
    with scene.listener() as peer, scene.closed_port() as closed, scene.filtered() as silent:
        for timeout in (0, -1, -500, INT_MIN):
            for port in (peer.port, closed, silent):
                call = program.call(port, timeout)
                expect(call).to_return(OPEN, CLOSED, FILTERED, ERROR)
                expect(call).to_take(at_most=GRACE)


FEW = 8
"""Milliseconds that are few, and still many times what a connection over loopback takes."""


@check(
    points=1,
    needs=(open_port,),
    hint="There were 8 milliseconds, and the connection took far less than one. Which comes first with you, the socket or the clock?",
    why="In a data centre callers give each server a few milliseconds; then every server that runs is called filtered.",
    more="If you wait in rounds: does one go into 8 ms at all? If you keep some of the time back: how much? When poll(2) returned more than 0 there is an answer, whatever the clock says.",
)
def a_few_milliseconds(program: Program, scene: Scene) -> None:
    """an open port is open with a timeout of 8 ms too, in one call of twenty at least"""
    with scene.listener() as peer:
        call = program.call(peer.port, FEW)
        for _ in range(19):  # a busy machine may keep one of them waiting, or some
            with contextlib.suppress(Mismatch):
                expect(call).to_return(OPEN)
                return
            call = program.call(peer.port, FEW)
        expect(call).to_return(OPEN)


# -- errors ----------------------------------------------------------------------------------------------------------

ONLY_REFUSED = "It was neither refused nor silent: you could not find out. That is -2."


def fails_with(program: Program, scene: Scene, error: int) -> None:
    """One call in which connect() fails at once with `error`."""
    with scene.failing(error) as port:
        call = program.call(port, AMPLE)
        expect(call).to_return(ERROR)


@check(
    points=1,
    needs=(open_port,),
    hint=ONLY_REFUSED,
    why="It is a firewall rule on your own side that forbids the call; told 'closed' or 'filtered', people search the server.",
    more="connect(2) gives EACCES and EPERM for a local rule, at once. Of what connect() says at once only EINPROGRESS is worth waiting for. In Python it is PermissionError, an OSError like all others.",
)
def access_denied(program: Program, scene: Scene) -> None:
    """a connection that is forbidden (EACCES) is an error: -2"""
    fails_with(program, scene, errno.EACCES)


@check(
    points=1,
    needs=(open_port,),
    hint=ONLY_REFUSED,
    why="A gateway is down; whoever reads 'closed' restarts the server, and whoever reads 'filtered' its firewall.",
    more="EHOSTUNREACH comes from the kernel or a router, never from the port (ip(7), connect(2)). In Python it is plain OSError: do you take every OSError that is no refusal for a timeout?",
)
def host_unreachable(program: Program, scene: Scene) -> None:
    """a host that cannot be reached (EHOSTUNREACH) is an error: -2"""
    fails_with(program, scene, errno.EHOSTUNREACH)


@check(
    points=1,
    needs=(open_port,),
    hint="There are more errors than anybody can list. List the one that means closed instead.",
    why="Networks fail in ways that nobody foresaw; what is not known must not be sold as an answer.",
    more="Turn the list around: success, ECONNREFUSED, time over, and one end for all the rest. Not even connect(2) lists every errno there is.",
)
def any_other_error(program: Program, scene: Scene) -> None:
    """every other errno of connect() is an error as well"""
    for error in (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EPERM, errno.ENOBUFS, errno.ENETDOWN, errno.EPROTO):
        fails_with(program, scene, error)


@check(
    points=1,
    needs=(open_port,),
    hint="No answer is not a refusal, whoever has waited for it: you or the kernel. 1 or -2.",
    why="Where packets are dropped somewhere on the way the kernel gives up in the end; a server that is called closed then may be running.",
    more="ETIMEDOUT stands among the errors of connect(2), and SO_ERROR (socket(7)) may hold it too. -1 belongs to ECONNREFUSED alone. In Python it is TimeoutError.",
)
def kernel_gives_up(program: Program, scene: Scene) -> None:
    """where the kernel gives up before the time is over (ETIMEDOUT), the port is neither open nor closed"""
    with scene.failing(errno.ETIMEDOUT) as port:
        expect(program.call(port, AMPLE)).to_return(FILTERED, ERROR)


@check(
    points=2,
    needs=(open_port, closed_port),
    hint="After EINPROGRESS a connection may fail for other reasons than a refusal. Where do you look for the reason, and when?",
    why="Where a router says that it cannot go on, a scanner lists thousands of closed or open ports that nobody has reached.",
    more="SO_ERROR (socket(7)) holds the errno, once, and not before the wait is over. Compare its value as carefully as connect()'s own errno.",
)
def fails_later(program: Program, scene: Scene) -> None:
    """a connection that is under way and then fails (EHOSTUNREACH, ENETUNREACH, ECONNRESET) is an error, before the time is over"""
    for error in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNRESET):
        with scene.failing_late(error, after=0.02) as port:  # soon enough, and not before SO_ERROR is asked too early
            for _ in range(2):
                expect(program.call(port, PATIENT)).to_return(ERROR)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint="poll() reports errors whether you asked for them or not, and here it reports nothing else.",
    why="Behind some firewalls each probe then spins in a loop at full speed, or ends as 'filtered'.",
    more="poll(2): POLLERR and POLLHUP are set in revents by themselves, and not always together with POLLOUT. Any event at all is a reason to ask SO_ERROR.",
)
def fails_without_being_writable(program: Program, scene: Scene) -> None:
    """a connection that fails is an error also where poll() says POLLERR and not POLLOUT"""
    with scene.rejected() as port:
        expect(program.call(port, PATIENT)).to_return(ERROR)


@check(
    points=1,
    needs=(open_port,),
    hint="Each call starts anew: what failed a moment ago may work now.",
    why="After a short outage a monitor must recover by itself, or somebody has to restart it at night.",
    more="Look for what outlives a call: a static or global variable, a socket kept for later, an errno that is read although connect(2) succeeded.",
)
def error_then_open(program: Program, scene: Scene) -> None:
    """an error is forgotten as soon as it is over"""
    with scene.failing(errno.EACCES) as port:
        expect(program.call(port, AMPLE)).to_return(ERROR)
    with scene.listener(port=port):
        expect(program.call(port, AMPLE)).to_return(OPEN)


@check(
    points=1,
    needs=(open_port,),
    hint="socket() can fail as well, and so can whatever you wait with; then nobody was asked: -2.",
    why="A monitor that is short of descriptors would report all its neighbours as down, and hide its own trouble.",
    more="socket(2) returns -1 with EMFILE (RLIMIT_NOFILE in getrlimit(2)), and epoll_create(2) can too. In Python both raise OSError: is all of it inside the try?",
)
def no_descriptor_left(program: Program, scene: Scene) -> None:
    """when no descriptor is left for a socket (EMFILE), that is an error"""
    with scene.listener() as peer:
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)
        with program.descriptors_left():
            expect(program.call(peer.port, AMPLE)).to_return(ERROR)
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)


@check(
    points=1,
    needs=(open_port,),
    hint="socket() has failed: there is nothing to connect, to wait for or to close. -2, whatever errno says.",
    why="On a machine under pressure it is socket() that fails first; an honest error leads people to that machine.",
    more="errno may be anything here, a number that you know from connect() too. Decide by what socket(2) returned, on a way out of its own.",
)
def no_socket(program: Program, scene: Scene) -> None:
    """when socket() fails for another reason (ENFILE, ENOBUFS, EACCES), that is an error too, and leaves nothing open"""
    before = program.descriptors()
    with scene.listener() as peer:
        for error in (errno.ENFILE, errno.ENOBUFS, errno.EACCES):
            with scene.no_socket(error):
                expect(program.call(peer.port, AMPLE)).to_return(ERROR)
            expect(program).to_have_descriptors(
                before, "What is opened before the socket stays open when there is none."
            )


# -- no port at all --------------------------------------------------------------------------------------------------

WRONG_SERVER = "Unless it is refused, a mistyped number reports the health of a server that nobody asked about."


@check(
    points=1,
    needs=(open_port,),
    hint="Ports are 1 to 65535. Look at the number before you use it: all others are -2.",
    why="A setting that is missing is often read as 0 or -1; called 'closed', it looks like a server that is down.",
    more="A port field has 16 bits and no sign (ip(7)): -1 becomes 65535 in it, and 65536 becomes 0. Compare before htons(3). In Python connect() raises OverflowError, and create_connection() just cuts.",
)
def bad_ports(program: Program, scene: Scene) -> None:
    """0, -1 and 65536 are no ports: -2"""
    for number in (0, -1, 65536):
        expect(program.call(number, AMPLE)).to_return(ERROR)


@check(
    points=1,
    needs=(open_port,),
    hint="htons() keeps 16 bits: 65536 + 80 becomes 80, and so does 80 - 65536. Test the int, before it is cut.",
    why=WRONG_SERVER,
    more="What type has the variable that you compare? A uint16_t or in_port_t has lost the upper bits before the comparison sees them (htons(3)). Are both ends of the range tested?",
)
def ports_cut_to_16_bits(program: Program, scene: Scene) -> None:
    """an open port plus or minus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        for number in (peer.port + 65536, peer.port - 65536):
            expect(program.call(number, AMPLE)).to_return(ERROR)
        for number in (INT_MAX, INT_MIN):
            expect(program.call(number, AMPLE)).to_return(ERROR)


@check(
    points=1,
    needs=(bad_ports,),
    hint="Two things are wrong with this call, the number and the time. A number that is no port is -2, however much time there is.",
    why="The caller is told to come back with more time, and does so for ever: that number will never be a port.",
    more="Which of your two tests comes first, that of the port or that of the timeout? The one that returns first decides.",
)
def bad_ports_without_time(program: Program, scene: Scene) -> None:
    """0, -1 and 65536 are no ports with a timeout of 0, or a negative one, either: -2"""
    for number in (0, -1, 65536):
        for timeout in (0, -1):
            expect(program.call(number, timeout)).to_return(ERROR)


# -- errno -----------------------------------------------------------------------------------------------------------

SAVE_ERRNO = (
    "close() may change errno even when it succeeds. Keep in a variable what you want to know, before you close."
)


@check(
    points=2,
    needs=(filtered_port,),
    hint=SAVE_ERRNO,
    why="The answer changes by chance, on some machines only, and nobody can repeat it.",
    more="errno(3), Notes, tells of this mistake and how to avoid it. Which errno does your last comparison see, that of connect(2), that of getsockopt(2), or that of close(2)?",
)
def close_spoils_errno(program: Program, scene: Scene) -> None:
    """no answer changes when close() changes errno"""
    with scene.listener() as peer, scene.closed_port() as closed, scene.filtered() as silent:
        for left_behind in (errno.EIO, errno.ECONNREFUSED):
            with scene.close_leaves(left_behind):
                expect(program.call(peer.port, AMPLE)).to_return(OPEN)
                expect(program.call(closed, AMPLE)).to_return(CLOSED)
                expect(program.call(silent, 50)).to_return(FILTERED)
    with scene.failing(errno.EACCES) as port, scene.close_leaves(errno.ECONNREFUSED):
        expect(program.call(port, AMPLE)).to_return(ERROR)


@check(
    points=1,
    needs=(filtered_port,),
    hint="errno means something only after a call that failed. Look at the return value first.",
    why="In a program that runs for long some call has nearly always left an errno behind; answers then change from day to day.",
    more="No call sets errno to 0 when it succeeds, and a poll(2) or select(2) whose time is over has not failed: it returned 0 (errno(3)).",
)
def stale_errno(program: Program, scene: Scene) -> None:
    """what an earlier failure left in errno does not change the answer"""
    with scene.listener() as peer, scene.filtered() as silent:
        for left_behind in (errno.ECONNREFUSED, errno.EINTR):
            expect(program.call(peer.port, AMPLE, stale_errno=left_behind)).to_return(OPEN)
            expect(program.call(silent, 50, stale_errno=left_behind)).to_return(FILTERED)
            expect(program.call(-1, AMPLE, stale_errno=left_behind)).to_return(ERROR)


# -- descriptors -----------------------------------------------------------------------------------------------------

CLOSE_ON_EVERY_PATH = "Walk each way out of the function with your finger: is there a close() on it?"


@check(
    points=3,
    needs=(waits_as_long_as_told,),
    hint="The time is over, and nothing has come of the connection. The socket is there all the same.",
    why="A monitor of one silent server a second has used up its 1024 descriptors after 17 minutes, and then sees nothing at all.",
    more="Follow the way out on which poll(2) or select(2) returned 0: does close(2) stand on it? What else did you open to wait with? In Python an exception that is kept keeps the socket alive too.",
)
def twenty_filtered(program: Program, scene: Scene) -> None:
    """twenty ports that do not answer, one after another, leave nothing open"""
    with scene.filtered() as port:
        before = program.descriptors()
        for call in program.calls([(port, 15)] * 20, each=0.015 + 2 * GRACE):
            expect(call).to_return(FILTERED)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(no_time_at_all,),
    hint=CLOSE_ON_EVERY_PATH,
    why="A caller who has run out of time calls like this again and again, and each time a descriptor is gone.",
    more="Where is the timeout looked at, before socket(2) or after it? And is there a close(2) on the way out where poll(2) or select(2) returned 0 at once?",
)
def nothing_left_without_time(program: Program, scene: Scene) -> None:
    """nothing is left open when there was no time at all"""
    with scene.listener() as peer, scene.closed_port() as closed, scene.filtered() as silent:
        before = program.descriptors()
        for port in (peer.port, closed, silent):
            for timeout in (0, -1):
                program.call(port, timeout)
        expect(program).to_have_descriptors(before)


@check(
    points=2,
    needs=(open_port, closed_port),
    hint=CLOSE_ON_EVERY_PATH,
    why="Scanners and monitors run for days; what is left open once in a hundred calls uses up everything within hours.",
    more="Look for a return between connect(2) and close(2): one for the answers that come at once, one for each call that fails. In Python, with and finally act on each way out.",
)
def nothing_left_otherwise(program: Program, scene: Scene) -> None:
    """nothing is left open after an open or closed port, an error, or a number that is no port"""
    before = program.descriptors()
    for port in itertools.chain(asked(program, scene), (0, -1, 65536)):
        program.call(port, AMPLE)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint=CLOSE_ON_EVERY_PATH,
    why="Where a router is down each probe ends on this path, and there are thousands of them.",
    more="Follow the ways out below getsockopt(2), and those where poll(2) or select(2) itself fails. What getsockopt(2) reports has closed nothing.",
)
def nothing_left_after_late_failure(program: Program, scene: Scene) -> None:
    """nothing is left open after a connection that was under way and then failed"""
    before = program.descriptors()
    for error in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ECONNRESET):
        with scene.failing_late(error) as port:
            program.call(port, PATIENT)
            expect(program).to_have_closed_only_its_own()
            expect(program).to_have_descriptors(before)
    with scene.rejected() as port:
        program.call(port, PATIENT)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    languages=("c",),
    needs=(open_port, no_descriptor_left),
    hint=CLOSE_ON_EVERY_PATH,
    why="A program that is short of descriptors loses its last ones like this, and then can neither log nor accept.",
    more="Who opens something besides the socket, with epoll_create1(2), eventfd(2) or dup(2), has a way out on which that fails while the socket is there already.",
)
def one_descriptor_left(program: Program, scene: Scene) -> None:
    """nothing is left open where there is a descriptor for a socket, and hardly one for anything else"""
    with scene.listener() as peer:
        before = program.descriptors()
        for spare in (1, 2):
            with program.descriptors_left(spare):
                expect(program.call(peer.port, AMPLE)).to_return(OPEN, ERROR)
            expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(signals_while_waiting, twenty_filtered),
    hint=CLOSE_ON_EVERY_PATH,
    why="A program with timers or children gets signals all the time; each would cost it a descriptor.",
    more="What happens after EINTR? Who begins anew, in a loop or by a call of the function itself, has the old socket still, and must close it or go on with it.",
)
def nothing_left_after_signals(program: Program, scene: Scene) -> None:
    """nothing is left open after a wait in which signals arrived"""
    with scene.filtered() as port, scene.signals(every=0.02):
        before = program.descriptors()
        program.call(port, 150)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port, twenty_filtered, nothing_left_otherwise),
    hint="One socket(), one close(), on every path. 0, 1 and 2 are not yours.",
    why="In a program with threads the second close() hits a file or connection that somebody else has just opened.",
    more="close(2) tells how numbers are used again. Look for one close() where the time is over and another at the end, for fclose(3) besides close(), and for loops over numbers.",
)
def closes_only_its_own(program: Program, scene: Scene) -> None:
    """nothing is closed twice, and nothing that belongs to others"""
    with scene.filtered() as silent, program.bystanders():
        before = program.descriptors()
        for port in itertools.chain((silent,), asked(program, scene), (-1, 65536)):
            program.call(port, 60)
            expect(program).to_have_closed_only_its_own()
            expect(program).to_have_descriptors(before)
        with scene.failing_late(errno.EHOSTUNREACH) as port:
            program.call(port, PATIENT)
            expect(program).to_have_closed_only_its_own()
            expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port, filtered_port, twenty_filtered),
    hint="socket() returns the lowest free number, and that may be 0. Only -1 means failure.",
    why="Daemons close 0, 1 and 2 as they start; the next socket there is 0, and a careless test takes it for a failure.",
    more="What does socket(2) say under Return value? Look at each comparison of the descriptor, the one that guards close(2) too. In Python 0 counts as false.",
)
def descriptor_0(program: Program, scene: Scene) -> None:
    """a socket that gets descriptor 0 works like any other"""
    with (
        scene.listener() as peer,
        scene.closed_port() as closed,
        scene.filtered() as silent,
        program.without_descriptor(0),
    ):
        before = program.descriptors()
        expect(program.call(peer.port, AMPLE)).to_return(OPEN)
        expect(program.call(closed, AMPLE)).to_return(CLOSED)
        expect(program.call(silent, 50)).to_return(FILTERED)
        expect(program).to_have_descriptors(before)


@check(
    points=2,
    needs=(open_port,),
    hint="Which numbers has an fd_set room for? Nobody stops you from setting a bit beyond it.",
    why="A server with more than a thousand connections gets such numbers every day; there select() has overwritten other people's memory.",
    more="select(2), under BUGS, names FD_SETSIZE; poll(2) and epoll(7) have no such limit. Where you keep to select(), look at the number before FD_SET(). In Python select.select() raises ValueError.",
)
def descriptors_beyond_1023(program: Program, scene: Scene) -> None:
    """a socket with a number above 1023 is asked with, or answered with -2"""
    for lowest in (1024, 1100):
        with (
            scene.listener() as peer,
            program.descriptor_room(2048),
            program.every_descriptor_taken(below=lowest),
        ):
            before = program.descriptors()
            expect(program.call(peer.port, AMPLE)).to_return(OPEN, ERROR)
            expect(program).to_have_descriptors(before)


# -- threads ---------------------------------------------------------------------------------------------------------


@check(
    points=3,
    needs=(waits_as_long_as_told, twenty_filtered),
    hint="What do two calls share that are under way at the same time? Each needs a socket, a deadline and an answer of its own.",
    why="Scanners ask hundreds of ports at once; one shared variable gives one server the answer of another.",
    more="Look for static and global variables, and for what a process has only once: SIGALRM with its timer (alarm(2), setitimer(2)) and handlers (sigaction(2)). In Python signal.signal() works in the main thread alone.",
)
def eight_at_once(program: Program, scene: Scene) -> None:
    """eight threads at once, on open, closed and silent ports, all get their own answer, and wait at the same time"""
    with scene.listener() as peer, scene.closed_port() as closed, scene.filtered() as silent:
        wanted = {peer.port: OPEN, closed: CLOSED, silent: FILTERED}
        before = program.descriptors()
        turns = [(silent, 400), (silent, 300), (peer.port, 500), (closed, 500)] * 2
        for _ in range(2):
            for (port, _timeout), call in zip(turns, program.calls_at_once(turns), strict=True):
                expect(call).to_return(wanted[port])
                # Until the last of them is done; one after another they would need 1.4 s. What eight threads wait for a CPU
                # is not known as well as what one does.
                expect(call).to_take(at_least=0.4, at_most=1.2)
        expect(program).to_have_descriptors(before)


# -- manners ---------------------------------------------------------------------------------------------------------


def asked(program: Program, scene: Scene) -> Iterator[int]:
    """Ports for some ways that a call can go: open, closed, failing at once, and open with no descriptor left. Each is so until the
    next is asked for."""
    with scene.listener() as peer:
        yield peer.port
    with scene.closed_port() as port:
        yield port
    for error in (errno.EACCES, errno.EHOSTUNREACH):
        with scene.failing(error) as port:
            yield port
    with scene.listener() as peer, program.descriptors_left():
        yield peer.port


@check(
    points=1,
    needs=(open_port,),
    hint="Connect, and close again. The server's owner has not asked for your bytes.",
    why="Stray bytes end up as nonsense in the logs of a database, and mail servers block whoever sends too many.",
    more="A connection that is made needs no proof. Search your code for send(), sendto() and write().",
)
def sends_nothing(program: Program, scene: Scene) -> None:
    """nothing is sent to the listener"""
    with scene.listener() as peer:
        program.call(peer.port, AMPLE)
        expect(peer).to_have_received_nothing()
        expect(program).to_have_sent_nothing()


@check(
    points=1,
    needs=(open_port,),
    hint="The address is 127.0.0.1 (INADDR_LOOPBACK), written down: no name, no 0.0.0.0, no second try elsewhere.",
    why="Asked by mistake, another machine gives an answer about the wrong server, and its owner gets an alarm.",
    more='ip(7) has INADDR_LOOPBACK, and inet_pton(3) reads "127.0.0.1" without asking anybody. getaddrinfo(3) looks up names, and "localhost" is one, in Python too.',
)
def only_loopback(program: Program, scene: Scene) -> None:
    """only 127.0.0.1 is contacted, and no name is looked up"""
    scene.need_recorder()
    for port in asked(program, scene):
        program.start_check()
        program.call(port, AMPLE)
        expect(program).to_have_contacted_only(LOOPBACK, port)


@check(
    points=1,
    needs=(open_port, filtered_port),
    hint="Waiting needs no child process, and asking needs no other program.",
    why="Starting a program takes far longer than the connection itself, and one that is killed when its time is over may leave others behind.",
    more="Search for system(3), popen(3), fork(2), subprocess and multiprocessing: a socket that does not block can be waited for in your own process (connect(2), poll(2)).",
)
def starts_no_process(program: Program, scene: Scene) -> None:
    """no other process is started"""
    with scene.filtered() as silent:
        for port in itertools.chain((silent,), asked(program, scene), (-1, 65536)):
            program.call(port, 60)
            expect(program).to_have_started_no_process()


@check(
    points=1,
    needs=(filtered_port,),
    hint="When the function returns, all that it started has ended. What ends a connect() that waits in another thread?",
    why="Each silent server leaves a thread that waits for two minutes; a monitor is full of them within the hour.",
    more="join() with a timeout, as in Python's threading or with pthread_timedjoin_np(3), ends the waiting and not the thread. A socket with a timeout of its own needs no thread at all.",
)
def leaves_no_thread(program: Program, scene: Scene) -> None:
    """no thread is left running, not even after a port that does not answer"""
    with scene.filtered() as silent:
        for port in itertools.chain((silent,), asked(program, scene)):
            program.call(port, 60)
            expect(program).to_have_no_threads_left()


@check(
    points=1,
    needs=(filtered_port,),
    hint="Signal handlers, blocked signals, the alarm and the default timeout are one for the whole process. Which of them do you set?",
    why="A monitor has an alarm and a handler of its own; a function deep below it that takes them away stops it without a word.",
    more="Search for signal(2), sigaction(2), sigprocmask(2), alarm(2), setitimer(2) and timer_create(2), and in Python for socket.setdefaulttimeout(). poll(2) waits for a time without any of them.",
)
def leaves_signals_and_timers(program: Program, scene: Scene) -> None:
    """signals and timers of the process stay as the caller has set them"""
    with scene.filtered() as silent, program.afresh(alarm=3600) as before:
        for port in itertools.chain((silent,), asked(program, scene)):
            program.call(port, 60)
            expect(program).to_have_surroundings(before)
        # What each puts back as it found it is wrong in the end, if another had changed it before. Those that end last are
        # hardly those that began first.
        for _ in range(3):
            program.calls_at_once([(silent, 120)] * 4 + [(silent, 240)] * 4)
            expect(program).to_have_surroundings(before)


@check(
    points=1,
    last=True,
    needs=(open_port,),
    hint="socket(), connect(), a call to wait with, and close() are enough; what reaches further is refused here.",
    why="Services are locked down like this wherever they run with care; there a program that reaches further just fails.",
    more="The top of this report names the call, and its line if that is known. socket(2), connect(2), poll(2), getsockopt(2), clock_gettime(2) and close(2) are all that the exercise needs.",
)
def tries_nothing_forbidden(program: Program, scene: Scene) -> None:
    """nothing is tried that reaches beyond sockets: other programs, other processes, the system itself"""
    expect(program).to_have_tried_nothing_forbidden()


@check(
    points=1,
    needs=(open_port,),
    languages=("python",),
    hint="def probe_port(port, timeout_ms): two parameters. With a host parameter it could reach other machines.",
    why="A caller who passes one thing too many by a slip would make a local check ask another machine.",
    more="What another parameter holds belongs into the body as a constant. *args and **kwargs count too, as inspect.signature() shows.",
)
def exactly_two_parameters(program: Program, scene: Scene) -> None:
    """the function takes exactly two parameters, the port and the timeout"""
    expect(program).to_have_plain_signature()


# -- memory ----------------------------------------------------------------------------------------------------------


@check(
    points=3,
    languages=("c",),
    sanitized=True,
    hint="Look at sizes: of sets of descriptors, of addresses, of numbers that are multiplied. And is anything used before it was set?",
    why="A wrong access can go well for years, and then crash a server or change a number somewhere else in it.",
    more="Compile it with gcc -g -fsanitize=address,undefined and call it from a main of your own: the report names line and variable. FD_SET() has no limit of its own (select(2)), and an int ends at 2,147,483,647.",
)
def memory(program: Program, scene: Scene) -> None:
    """every access to memory stays within what the code owns, and no int overflows (AddressSanitizer, UBSan)"""
    expect(program).to_have_no_memory_errors()
