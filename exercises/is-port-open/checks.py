"""How is-port-open is graded."""

import errno
import itertools
from collections.abc import Iterator

from socklab.vocabulary import LOOPBACK, Program, Scene, check, expect, hang_up, reset

INT_MAX, INT_MIN = 2**31 - 1, -(2**31)

# -- open: 1 ---------------------------------------------------------------------------------------------------------


@check(
    points=3,
    hint="A connect() to 127.0.0.1 that succeeds means: somebody listens there. Is the port in network byte order?",
)
def open_port(program: Program, scene: Scene) -> None:
    """a port that somebody listens on is open"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1, hint="1 is the smallest port there is. Only root may listen below 1024, but anybody may connect there."
)
def open_port_1(program: Program, scene: Scene) -> None:
    """the lowest port, 1, can be open"""
    with scene.listener(port=1) as peer:
        expect(program.call(1)).to_return(1)
        expect(peer).to_have_been_called()


@check(points=1, hint="A port has 16 bits: 65535 is the largest, and it is a port like any other.")
def open_port_65535(program: Program, scene: Scene) -> None:
    """the highest port, 65535, can be open"""
    with scene.listener(port=65535) as peer:
        expect(program.call(65535)).to_return(1)
        expect(peer).to_have_been_called()


@check(points=1, hint="A listener on 0.0.0.0 takes connections to every address of the machine, 127.0.0.1 among them.")
def open_on_every_address(program: Program, scene: Scene) -> None:
    """a listener on all addresses listens on 127.0.0.1 too"""
    with scene.listener(host="0.0.0.0") as peer:
        expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1, hint="The kernel completes the connection before the server accepts it; wait for no word from the server."
)
def open_and_silent(program: Program, scene: Scene) -> None:
    """a listener that never accepts and never says a word is open, each time it is asked"""
    with scene.listener() as peer:
        for _ in range(3):
            expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(points=1, hint="connect() has succeeded; what the other side does after that changes nothing.")
def open_then_hang_up(program: Program, scene: Scene) -> None:
    """a port that accepts and at once hangs up is open"""
    with scene.listener(then=hang_up) as peer:
        expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(points=1, hint="Connect, and close again. The server's owner has not asked for your bytes.")
def sends_nothing(program: Program, scene: Scene) -> None:
    """nothing is sent to the listener"""
    with scene.listener() as peer:
        program.call(peer.port)
        expect(peer).to_have_received_nothing()
        expect(program).to_have_sent_nothing()


# -- closed: 0 -------------------------------------------------------------------------------------------------------


@check(points=3, hint="connect() failed, and errno is ECONNREFUSED: that is an answer, not an error.")
def closed_port(program: Program, scene: Scene) -> None:
    """a port that nobody listens on is closed"""
    with scene.closed_port() as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(points=1, hint="Port 1 is a port: ask the kernel, it will refuse.")
def closed_port_1(program: Program, scene: Scene) -> None:
    """port 1 with nothing on it is closed"""
    with scene.closed_port(1, held=False) as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(points=1, hint="65535 is a port: ask the kernel, it will refuse.")
def closed_port_65535(program: Program, scene: Scene) -> None:
    """port 65535 with nothing on it is closed"""
    with scene.closed_port(65535, held=False) as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(points=1, hint="Ask anew in every call; what was true a moment ago need not be true now.")
def open_then_closed(program: Program, scene: Scene) -> None:
    """a port is closed as soon as its listener is gone"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(1)
    expect(program.call(peer.port)).to_return(0)


@check(points=1, hint="Ask anew in every call; what was true a moment ago need not be true now.")
def closed_then_open(program: Program, scene: Scene) -> None:
    """a port is open as soon as somebody listens on it"""
    with scene.closed_port() as port:
        expect(program.call(port)).to_return(0)
    with scene.listener(port=port):
        expect(program.call(port)).to_return(1)


@check(points=1, hint="TCP and UDP count their ports apart. Is your socket a SOCK_STREAM?")
def udp_is_not_tcp(program: Program, scene: Scene) -> None:
    """a UDP socket does not make a TCP port open"""
    with scene.udp_socket() as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(points=1, hint="::1 is another address than 127.0.0.1; only 127.0.0.1 is asked for.")
def only_on_ipv6(program: Program, scene: Scene) -> None:
    """a listener on ::1 alone is not on 127.0.0.1"""
    with scene.listener(host="::1") as peer:
        expect(program.call(peer.port)).to_return(0)


@check(points=1, hint="All of 127.0.0.0/8 is loopback, yet 127.0.0.2 is another address than 127.0.0.1.")
def only_on_127_0_0_2(program: Program, scene: Scene) -> None:
    """a listener on 127.0.0.2 alone is not on 127.0.0.1"""
    with scene.listener(host="127.0.0.2") as peer:
        expect(program.call(peer.port)).to_return(0)


# -- no port at all: -1 ----------------------------------------------------------------------------------------------


@check(points=1, needs=(open_port,), hint="Ports are 1 to 65535. Look at the number before you use it.")
def negative_port(program: Program, scene: Scene) -> None:
    """-1 is no port"""
    expect(program.call(-1)).to_return(-1)


@check(
    points=1, needs=(open_port,), hint="A minus sign does not make a port. What does htons() make of a negative number?"
)
def negative_well_known_port(program: Program, scene: Scene) -> None:
    """-80 is no port"""
    expect(program.call(-80)).to_return(-1)


@check(points=1, needs=(open_port,), hint="65535 is the largest number that 16 bits hold; 65536 is one too many.")
def port_65536(program: Program, scene: Scene) -> None:
    """65536 is no port"""
    expect(program.call(65536)).to_return(-1)


@check(
    points=1, needs=(open_port,), hint="htons() keeps 16 bits: 65536 + 80 becomes 80. Test the int, before it is cut."
)
def too_large_by_65536(program: Program, scene: Scene) -> None:
    """an open port plus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        expect(program.call(peer.port + 65536)).to_return(-1)


@check(
    points=1, needs=(open_port,), hint="htons() keeps 16 bits, of negative numbers too. Test the int, before it is cut."
)
def too_small_by_65536(program: Program, scene: Scene) -> None:
    """an open port minus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        expect(program.call(peer.port - 65536)).to_return(-1)


@check(points=1, needs=(open_port,), hint="Compare; do not compute. INT_MAX + 1 and -INT_MIN are no ints.")
def extreme_numbers(program: Program, scene: Scene) -> None:
    """the largest and the smallest int are no ports"""
    expect(program.call(INT_MAX)).to_return(-1)
    expect(program.call(INT_MIN)).to_return(-1)


@check(points=1, needs=(open_port,), hint="Nothing can listen on port 0: never 1. Both 0 and -1 are fine.")
def port_0(program: Program, scene: Scene) -> None:
    """port 0 is never open"""
    expect(program.call(0)).to_return(0, -1)


# -- real errors: -1 -------------------------------------------------------------------------------------------------

ONLY_REFUSED = "Only ECONNREFUSED says that nobody listens. Any other errno says that you could not find out: -1."


def fails_with(program: Program, scene: Scene, error: int) -> None:
    """One call in which connect() fails at once with `error`."""
    with scene.failing(error) as port:
        expect(program.call(port)).to_return(-1)


@check(points=1, needs=(open_port,), hint=ONLY_REFUSED)
def access_denied(program: Program, scene: Scene) -> None:
    """a connection that is forbidden (EACCES) is an error, not a closed port"""
    fails_with(program, scene, errno.EACCES)


@check(points=1, needs=(open_port,), hint=ONLY_REFUSED)
def host_unreachable(program: Program, scene: Scene) -> None:
    """a host that cannot be reached (EHOSTUNREACH) is an error, not a closed port"""
    fails_with(program, scene, errno.EHOSTUNREACH)


@check(points=1, needs=(open_port,), hint=ONLY_REFUSED)
def network_unreachable(program: Program, scene: Scene) -> None:
    """a network that cannot be reached (ENETUNREACH) is an error, not a closed port"""
    fails_with(program, scene, errno.ENETUNREACH)


@check(
    points=1,
    needs=(open_port,),
    hint="The kernel found no port for your own end. Whether somebody listens is not known: -1.",
)
def no_local_port(program: Program, scene: Scene) -> None:
    """having no port left for one's own end (EADDRNOTAVAIL) is an error, not a closed port"""
    fails_with(program, scene, errno.EADDRNOTAVAIL)


@check(
    points=1, needs=(open_port,), hint="No answer is not a refusal: a firewall or a busy server stays silent too. -1."
)
def timed_out(program: Program, scene: Scene) -> None:
    """a connection that times out (ETIMEDOUT) is an error, not a closed port"""
    fails_with(program, scene, errno.ETIMEDOUT)


@check(points=1, needs=(open_port,), hint="A reset in the middle of the handshake is no refusal: -1.")
def reset_in_handshake(program: Program, scene: Scene) -> None:
    """a connection that is reset while it is being made (ECONNRESET) is an error, neither open nor closed"""
    with scene.failing_late(errno.ECONNRESET) as port:
        expect(program.call(port)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="After EINPROGRESS, poll() only says that something happened; SO_ERROR says what.",
)
def fails_later(program: Program, scene: Scene) -> None:
    """a connection that is under way and then fails (EHOSTUNREACH) is an error"""
    with scene.failing_late(errno.EHOSTUNREACH) as port:
        expect(program.call(port)).to_return(-1)


@check(
    points=2,
    needs=(open_port,),
    hint="socket() can fail as well; then there is nothing to connect and nothing to close: -1.",
)
def no_descriptor_left(program: Program, scene: Scene) -> None:
    """when no descriptor is left for a socket (EMFILE), that is an error"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(1)
        with program.only_descriptors(program.lowest_free_descriptor()):
            expect(program.call(peer.port)).to_return(-1)
        expect(program.call(peer.port)).to_return(1)


@check(
    points=1,
    needs=(open_port,),
    hint="socket() has failed: there is nothing to connect and nothing to close. -1, whatever errno says.",
)
def no_socket(program: Program, scene: Scene) -> None:
    """when socket() fails for another reason (ENFILE, ENOBUFS, EACCES), that is an error too"""
    with scene.listener() as peer:
        for error in (errno.ENFILE, errno.ENOBUFS, errno.EACCES):
            with scene.no_socket(error):
                expect(program.call(peer.port)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="There are more errors than anybody can list. List the one that means closed instead.",
)
def any_other_error(program: Program, scene: Scene) -> None:
    """every other errno of connect() is an error as well"""
    for error in (
        errno.EINVAL,
        errno.EPERM,
        errno.ENOBUFS,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
        errno.ECONNABORTED,
        errno.EPROTO,
    ):
        fails_with(program, scene, error)


@check(points=1, needs=(open_port,), hint="Each call starts anew: what failed a moment ago may work now.")
def error_then_open(program: Program, scene: Scene) -> None:
    """an error is forgotten as soon as it is over"""
    with scene.failing(errno.EACCES) as port:
        expect(program.call(port)).to_return(-1)
    with scene.listener(port=port):
        expect(program.call(port)).to_return(1)


# -- errno -----------------------------------------------------------------------------------------------------------

SAVE_ERRNO = "close() may change errno even when it succeeds. Keep errno in a variable before you close."


@check(points=1, hint=SAVE_ERRNO)
def close_spoils_errno_after_success(program: Program, scene: Scene) -> None:
    """an open port stays open when close() changes errno"""
    with scene.listener() as peer, scene.close_leaves(errno.EIO):
        expect(program.call(peer.port)).to_return(1)


@check(points=2, hint=SAVE_ERRNO)
def close_spoils_errno_after_refusal(program: Program, scene: Scene) -> None:
    """a closed port stays closed when close() changes errno"""
    with scene.closed_port() as port, scene.close_leaves(errno.EIO):
        expect(program.call(port)).to_return(0)


@check(points=1, needs=(open_port,), hint=SAVE_ERRNO)
def close_spoils_errno_after_error(program: Program, scene: Scene) -> None:
    """an error stays an error when close() changes errno, even to ECONNREFUSED"""
    with scene.failing(errno.EACCES) as port:
        for left_behind in (errno.EIO, errno.ECONNREFUSED):
            with scene.close_leaves(left_behind):
                expect(program.call(port)).to_return(-1)


@check(points=1, hint="errno means something only after a call that failed. Look at the return value first.")
def stale_errno(program: Program, scene: Scene) -> None:
    """what an earlier failure left in errno does not change the answer"""
    with scene.listener() as peer:
        expect(program.call(peer.port, stale_errno=errno.ECONNREFUSED)).to_return(1)
        expect(program.call(-1, stale_errno=errno.ECONNREFUSED)).to_return(-1)


@check(points=1, hint="Each call starts anew: a fresh socket, and nothing remembered from the call before.")
def refused_open_refused(program: Program, scene: Scene) -> None:
    """refused, open and refused again give 0, 1 and 0"""
    with scene.closed_port() as closed, scene.listener() as peer:
        expect(program.call(closed)).to_return(0)
        expect(program.call(peer.port)).to_return(1)
        expect(program.call(closed)).to_return(0)


# -- descriptors -----------------------------------------------------------------------------------------------------

CLOSE_ON_EVERY_PATH = "Walk each way out of the function with your finger: is there a close() on it?"


@check(points=1, needs=(open_port,), hint=CLOSE_ON_EVERY_PATH)
def nothing_left_after_success(program: Program, scene: Scene) -> None:
    """nothing is left open after an open port"""
    with scene.listener() as peer:
        before = program.descriptors()
        program.call(peer.port)
        expect(program).to_have_descriptors(before)


@check(points=1, needs=(closed_port,), hint=CLOSE_ON_EVERY_PATH)
def nothing_left_after_refusal(program: Program, scene: Scene) -> None:
    """nothing is left open after a refusal"""
    with scene.closed_port() as port:
        before = program.descriptors()
        program.call(port)
        expect(program).to_have_descriptors(before)


@check(points=1, needs=(open_port,), hint=CLOSE_ON_EVERY_PATH)
def nothing_left_after_errors(program: Program, scene: Scene) -> None:
    """nothing is left open after an error"""
    before = program.descriptors()
    for error in (errno.EACCES, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.ETIMEDOUT):
        with scene.failing(error) as port:
            program.call(port)
            expect(program).to_have_descriptors(
                before, f"It happened when connect() failed with {errno.errorcode[error]}."
            )
    for error in (errno.EHOSTUNREACH, errno.ECONNRESET):
        with scene.failing_late(error) as port:
            program.call(port)
            expect(program).to_have_descriptors(
                before, "It happened when the connection failed after it was under way."
            )


@check(points=1, needs=(open_port,), hint="Test the port first, then make the socket; or close it on this way out too.")
def nothing_left_after_bad_port(program: Program, scene: Scene) -> None:
    """nothing is left open after a number that is no port"""
    before = program.descriptors()
    for number in (-1, 0, 65536, INT_MIN, INT_MAX):
        program.call(number)
    expect(program).to_have_descriptors(before)


@check(points=2, needs=(open_port, closed_port), hint=CLOSE_ON_EVERY_PATH)
def a_thousand_calls(program: Program, scene: Scene) -> None:
    """a thousand calls in a row, with 64 descriptors at most, are all answered right and leave nothing open"""
    with scene.listener() as peer, scene.closed_port() as closed, program.only_descriptors(64):
        wanted = {peer.port: 1, closed: 0, -1: -1, 65536: -1}
        ten = [peer.port, -1, 65536, -1, 65536, closed, -1, 65536, -1, 65536]  # 100 of each path: more than 64
        turns = [(number,) for number in ten * 100]
        before = program.descriptors()
        for (number,), call in zip(turns, program.calls(turns), strict=False):
            expect(call).to_return(wanted[number])
    expect(program).to_have_descriptors(before)


@check(
    points=1, needs=(open_port, closed_port), hint="One socket(), one close(), on every path. 0, 1 and 2 are not yours."
)
def closes_only_its_own(program: Program, scene: Scene) -> None:
    """nothing is closed twice, and nothing that belongs to others"""
    with scene.listener() as peer, scene.closed_port() as closed, program.bystanders():
        before = program.descriptors()
        for number in (peer.port, closed, -1, 65536):
            program.call(number)
            expect(program).to_have_closed_only_its_own()
            expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint="socket() returns the lowest free number, and that may be 0. Only -1 means failure.",
)
def descriptor_0(program: Program, scene: Scene) -> None:
    """a socket that gets descriptor 0 works like any other"""
    with scene.listener() as peer, scene.closed_port() as closed, program.without_descriptor(0):
        before = program.descriptors()
        expect(program.call(peer.port)).to_return(1)
        expect(program.call(closed)).to_return(0)
        expect(program).to_have_descriptors(before)


@check(points=1, needs=(open_port, closed_port), hint="A descriptor is an int; a busy program has hundreds.")
def high_descriptor(program: Program, scene: Scene) -> None:
    """a socket with a high number works like any other"""
    with scene.listener() as peer, scene.closed_port() as closed, program.every_descriptor_taken(below=260):
        expect(program.call(peer.port)).to_return(1)
        expect(program.call(closed)).to_return(0)


@check(
    points=1,
    last=True,
    needs=(open_port,),
    hint="Some way out of the function leaves something behind, perhaps only the first time.",
)
def nothing_left_at_the_end(program: Program, scene: Scene) -> None:
    """after all these calls no descriptor, thread or process is left"""
    with scene.listener() as peer:
        program.call(peer.port)
    expect(program).to_have_descriptors(program.at_start)
    expect(program).to_have_no_threads_left()
    expect(program).to_have_no_children()


# -- manners ---------------------------------------------------------------------------------------------------------


def asked(scene: Scene) -> Iterator[int]:
    """Ports for each way that a call can go: open, closed, and failing with an error. Each is so until the next is asked for."""
    with scene.listener() as peer:
        yield peer.port
    with scene.closed_port() as port:
        yield port
    for error in (errno.EACCES, errno.ETIMEDOUT):
        with scene.failing(error) as port:
            yield port


@check(
    points=1,
    hint="The address is 127.0.0.1 (INADDR_LOOPBACK), written down: no name, no 0.0.0.0, no second try elsewhere.",
)
def only_loopback(program: Program, scene: Scene) -> None:
    """only 127.0.0.1 is contacted, and no name is looked up"""
    scene.need_recorder()
    for port in asked(scene):
        program.start_check()
        program.call(port)
        expect(program).to_have_contacted_only(LOOPBACK, port)


@check(
    points=1,
    needs=(open_port,),
    hint="A client needs no bind(); the kernel gives it a port of its own when it connects.",
)
def binds_nothing(program: Program, scene: Scene) -> None:
    """the port is asked by connecting, not by trying to take it"""
    scene.need_recorder()
    for port in asked(scene):
        program.call(port)
        expect(program).to_have_bound_nothing_to(port)


@check(
    points=1,
    needs=(open_port,),
    hint="The answer is one system call away; no shell, no nc and no child process is needed.",
)
def starts_no_process(program: Program, scene: Scene) -> None:
    """no other process is started"""
    for port in itertools.chain(asked(scene), (-1, 65536)):
        program.call(port)
        expect(program).to_have_started_no_process()


@check(points=1, needs=(open_port,), hint="When the function returns, all that it started has ended.")
def leaves_no_thread(program: Program, scene: Scene) -> None:
    """no thread is left running"""
    for port in itertools.chain(asked(scene), (-1, 65536)):
        program.call(port)
        expect(program).to_have_no_threads_left()


@check(
    points=1,
    last=True,
    needs=(open_port,),
    hint="socket(), connect(), close() and their like are enough; what reaches further is refused here.",
)
def tries_nothing_forbidden(program: Program, scene: Scene) -> None:
    """nothing is tried that reaches beyond sockets: other programs, other processes, the system itself"""
    expect(program).to_have_tried_nothing_forbidden()


@check(
    points=1,
    needs=(open_port,),
    hint="The caller compares with 1, 0 and -1; a descriptor, an errno or None is no answer.",
)
def answers_are_1_0_or_minus_1(program: Program, scene: Scene) -> None:
    """whatever happens, the answer is 1, 0 or -1"""
    with scene.listener() as peer, scene.closed_port() as closed:
        for number in (peer.port, closed, -1, 65536, peer.port + 65536):
            expect(program.call(number)).to_return(1, 0, -1)


@check(
    points=1,
    needs=(open_port,),
    languages=("python",),
    hint="def is_port_open(port): one parameter. With a host parameter it could reach other machines.",
)
def exactly_one_parameter(program: Program, scene: Scene) -> None:
    """the function takes exactly one parameter, the port"""
    expect(program).to_have_plain_signature()


# -- memory ----------------------------------------------------------------------------------------------------------


@check(
    points=3,
    languages=("c",),
    sanitized=True,
    hint="Look at sizes: of buffers, of addresses, of what you pass to sizeof.",
)
def memory(program: Program, scene: Scene) -> None:
    """every access to memory stays within what the code owns (AddressSanitizer, UBSan)"""
    expect(program).to_have_no_memory_errors()


# -- bonus -----------------------------------------------------------------------------------------------------------


@check(
    points=1,
    bonus=True,
    needs=(closed_port,),
    hint="Compare getsockname() with getpeername(): are you talking to yourself?",
)
def connects_to_itself(program: Program, scene: Scene) -> None:
    """a socket that happens to connect to itself has found no listener"""
    with scene.own_port() as port:
        expect(program.call(port)).to_return(0, -1)


@check(points=1, bonus=True, needs=(open_port,), hint="The connection was made before it was reset.")
def reset_on_accept(program: Program, scene: Scene) -> None:
    """a listener that resets every caller as it accepts is still a listener"""
    with scene.listener(then=reset) as peer:
        expect(program.call(peer.port)).to_return(1)


@check(
    points=1,
    bonus=True,
    needs=(open_port,),
    hint="After EINTR the handshake goes on (connect(2)): poll for writability, then ask SO_ERROR.",
)
def signal_during_connect(program: Program, scene: Scene) -> None:
    """a signal in the middle of connect() does not spoil the answer"""
    with scene.interrupting() as port:
        expect(program.call(port)).to_return(1)
