"""How is-port-open is graded."""

import errno
import itertools
from collections.abc import Iterator

from socklab.vocabulary import LOOPBACK, Program, Scene, check, expect, hang_up, reset

INT_MAX, INT_MIN = 2**31 - 1, -(2**31)

# -- open: 1 ---------------------------------------------------------------------------------------------------------


@check(
    points=3,
    hint="A connect() to 127.0.0.1 that succeeds means: somebody listens there. Is connect() called, and with this very port?",
    why="A health check that misses a running server restarts it and cuts off everybody who is connected.",
    more="Fill the address as ip(7) describes it: AF_INET, then address and port, both in network byte order (htonl, htons). In Python connect() takes one argument, a pair.",
)
def open_port(program: Program, scene: Scene) -> None:
    """a port that somebody listens on is open"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="1 is the smallest port there is. Only root may listen below 1024, but anybody may connect there.",
    why="Port scanners sweep from 1 upwards; one that begins too late overlooks what listens there.",
    more="Look at the comparison that sorts out bad numbers: does 1 pass it? ip(7) speaks of privileged ports for bind() only.",
)
def open_port_1(program: Program, scene: Scene) -> None:
    """the lowest port, 1, can be open"""
    with scene.listener(port=1) as peer:
        expect(program.call(1)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="A port has 16 bits: 65535 is the largest, and it is a port like any other.",
    why="A scan that stops one short of the end calls a machine quiet although something runs on it.",
    more="Look for < where <= is meant. And what is the number kept in? 65535 fits in_port_t (ip(7)), but no short.",
)
def open_port_65535(program: Program, scene: Scene) -> None:
    """the highest port, 65535, can be open"""
    with scene.listener(port=65535) as peer:
        expect(program.call(65535)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="A listener on 0.0.0.0 takes connections to every address of the machine, 127.0.0.1 among them.",
    why="Most servers listen on all addresses unless told otherwise; a monitor that misses those misses nearly everything.",
    more="connect(2) to 127.0.0.1 reaches it as it is. A list of listeners (ss(8), /proc/net/tcp) shows 0.0.0.0 here, and is the wrong place to look.",
)
def open_on_every_address(program: Program, scene: Scene) -> None:
    """a listener on all addresses listens on 127.0.0.1 too"""
    with scene.listener(host="0.0.0.0") as peer:
        expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="The kernel completes the connection before the server accepts it; wait for no word from the server.",
    why="A busy server may take seconds to accept; a monitor that waits for its greeting calls it dead.",
    more="listen(2) explains the backlog: the kernel answers on its own and queues the connection. Is there a recv(), or a poll() for input, after your connect()?",
)
def open_and_silent(program: Program, scene: Scene) -> None:
    """a listener that never accepts and never says a word is open, each time it is asked"""
    with scene.listener() as peer:
        for _ in range(3):
            expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="connect() has succeeded; what the other side does after that changes nothing.",
    why="Servers that hang up on strangers are running all the same; an alarm about them wakes somebody for nothing.",
    more="After a connect(2) that returned 0 nothing may change the answer: not what recv(), send() or shutdown() say, nor close(2).",
)
def open_then_hang_up(program: Program, scene: Scene) -> None:
    """a port that accepts and at once hangs up is open"""
    with scene.listener(then=hang_up) as peer:
        expect(program.call(peer.port)).to_return(1)
        expect(peer).to_have_been_called()


@check(
    points=1,
    hint="Connect, and close again. The server's owner has not asked for your bytes.",
    why="Stray bytes end up as nonsense in the logs of a database, and mail servers block whoever sends too many.",
    more="Between connect(2) and close(2) no other call is needed. Search your code for send(), sendto() and write().",
)
def sends_nothing(program: Program, scene: Scene) -> None:
    """nothing is sent to the listener"""
    with scene.listener() as peer:
        program.call(peer.port)
        expect(peer).to_have_received_nothing()
        expect(program).to_have_sent_nothing()


# -- closed: 0 -------------------------------------------------------------------------------------------------------

HOLES = "A scan that calls the ends of the range an error gives a list with holes in it."


@check(
    points=3,
    hint="connect() failed, and errno is ECONNREFUSED: that is an answer, not an error.",
    why="A script that waits for a database to come up, or looks for a free port, needs a plain no and not an error.",
    more="connect(2) lists what errno may be after a failure; look at it before any other call can change it. In Python the refusal has an exception class of its own; connect_ex() returns the number instead.",
)
def closed_port(program: Program, scene: Scene) -> None:
    """a port that nobody listens on is closed"""
    with scene.closed_port() as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=1,
    hint="Port 1 is a port: ask the kernel, it will refuse.",
    why=HOLES,
    more="Does your test for bad numbers catch 1 as well? It must let it through to connect(2), which fails with ECONNREFUSED.",
)
def closed_port_1(program: Program, scene: Scene) -> None:
    """port 1 with nothing on it is closed"""
    with scene.closed_port(1, held=False) as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=1,
    hint="65535 is a port: ask the kernel, it will refuse.",
    why=HOLES,
    more="Does your test for bad numbers catch 65535 as well? It must let it through to connect(2), which fails with ECONNREFUSED.",
)
def closed_port_65535(program: Program, scene: Scene) -> None:
    """port 65535 with nothing on it is closed"""
    with scene.closed_port(65535, held=False) as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=1,
    hint="Ask anew in every call; what was true a moment ago need not be true now.",
    why="A monitor that goes by what it saw before reports a server that has crashed as healthy.",
    more="No static or global variable may carry an answer into the next call: each call has a socket(2) and a connect(2) of its own.",
)
def open_then_closed(program: Program, scene: Scene) -> None:
    """a port is closed as soon as its listener is gone"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(1)
    expect(program.call(peer.port)).to_return(0)


@check(
    points=1,
    hint="Ask anew in every call; what was true a moment ago need not be true now.",
    why="A script that waits for a server asks again and again; if the first no sticks, it waits forever.",
    more="After a connect() that failed a socket is of no more use (connect(2), Notes): make a new one in each call, and keep no answer.",
)
def closed_then_open(program: Program, scene: Scene) -> None:
    """a port is open as soon as somebody listens on it"""
    with scene.closed_port() as port:
        expect(program.call(port)).to_return(0)
    with scene.listener(port=port):
        expect(program.call(port)).to_return(1)


@check(
    points=1,
    hint="TCP and UDP count their ports apart. Is your socket a SOCK_STREAM?",
    why="A name server answers on UDP and on TCP; a monitor that mixes them up misses it when one of the two is gone.",
    more="socket(2) describes the types. With SOCK_DGRAM, connect(2) only notes the address and succeeds whether anybody is there or not.",
)
def udp_is_not_tcp(program: Program, scene: Scene) -> None:
    """a UDP socket does not make a TCP port open"""
    with scene.udp_socket() as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_return(0)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=1,
    hint="::1 is another address than 127.0.0.1; only 127.0.0.1 is asked for.",
    why="A client that speaks only IPv4 cannot reach such a server, and a yes sends people looking in the wrong place.",
    more="The family is AF_INET (ip(7)), with no second try at ::1. getaddrinfo(3), and create_connection() in Python, try every address that a name has.",
)
def only_on_ipv6(program: Program, scene: Scene) -> None:
    """a listener on ::1 alone is not on 127.0.0.1"""
    with scene.listener(host="::1") as peer:
        expect(program.call(peer.port)).to_return(0)


@check(
    points=1,
    hint="All of 127.0.0.0/8 is loopback, yet 127.0.0.2 is another address than 127.0.0.1.",
    why="Several servers may share a port number on different loopback addresses; asking the wrong one says nothing about the right one.",
    more="Ask by connect(2) at INADDR_LOOPBACK (ip(7)). A bind() that fails, or a list of ports in use, tells of other addresses as well.",
)
def only_on_127_0_0_2(program: Program, scene: Scene) -> None:
    """a listener on 127.0.0.2 alone is not on 127.0.0.1"""
    with scene.listener(host="127.0.0.2") as peer:
        expect(program.call(peer.port)).to_return(0)


# -- no port at all: -1 ----------------------------------------------------------------------------------------------

WRONG_SERVER = "Unless it is refused, a mistyped number reports the health of a server that nobody asked about."


@check(
    points=1,
    needs=(open_port,),
    hint="Ports are 1 to 65535. Look at the number before you use it.",
    why="A setting that is missing is often read as -1; called 'closed', it looks like a server that is down.",
    more="A port field has 16 bits and no sign (ip(7)), so -1 becomes 65535 in it: compare before htons(3). In Python connect() raises OverflowError.",
)
def negative_port(program: Program, scene: Scene) -> None:
    """-1 is no port"""
    expect(program.call(-1)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="A minus sign does not make a port. Follow the number to connect(): what becomes of its sign on the way?",
    why="A slip in a list of ports must come out as an error, or the report is about some other server.",
    more="Neither abs() nor a cast makes a port of it: as 16 bits without a sign, -80 is 65456. Compare with the smallest port before you convert.",
)
def negative_well_known_port(program: Program, scene: Scene) -> None:
    """-80 is no port"""
    expect(program.call(-80)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="65535 is the largest number that 16 bits hold; 65536 is one too many.",
    why="Loops that go one too far are common; what comes after the last port must never be listed as a server.",
    more="In 16 bits 65536 is 0 (htons(3)). Compare the int itself with the largest port, and mind whether the bound belongs to it.",
)
def port_65536(program: Program, scene: Scene) -> None:
    """65536 is no port"""
    expect(program.call(65536)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="htons() keeps 16 bits: 65536 + 80 becomes 80. Test the int, before it is cut.",
    why=WRONG_SERVER,
    more="What type has the variable that you compare? A uint16_t or in_port_t has lost the upper bits before the comparison sees them (htons(3)).",
)
def too_large_by_65536(program: Program, scene: Scene) -> None:
    """an open port plus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        expect(program.call(peer.port + 65536)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="htons() keeps 16 bits, of negative numbers too. Test the int, before it is cut.",
    why=WRONG_SERVER,
    more="An upper bound alone does not catch it. As 16 bits without a sign (htons(3)) a negative number looks like a port, so there must be a lower bound too.",
)
def too_small_by_65536(program: Program, scene: Scene) -> None:
    """an open port minus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        expect(program.call(peer.port - 65536)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="Compare; do not compute. INT_MAX + 1 and -INT_MIN are no ints.",
    why="Numbers from files can be anything; in C a sum that overflows is undefined, and after that nothing is certain.",
    more="port + 1, -port and abs(port) overflow at one end or the other (abs(3), Notes). Two comparisons with constants never do. In Python connect() raises OverflowError.",
)
def extreme_numbers(program: Program, scene: Scene) -> None:
    """the largest and the smallest int are no ports"""
    expect(program.call(INT_MAX)).to_return(-1)
    expect(program.call(INT_MIN)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="Nothing can listen on port 0: never 1. Both 0 and -1 are fine.",
    why="In settings 0 often means: let the system choose. A monitor that calls it open watches nothing.",
    more="bind(2) takes 0 for any free port (ip(7)), but connect(2) to it is refused. Which way through your function leads to 1 without a connection?",
)
def port_0(program: Program, scene: Scene) -> None:
    """port 0 is never open"""
    expect(program.call(0)).to_return(0, -1)


# -- real errors: -1 -------------------------------------------------------------------------------------------------

ONLY_REFUSED = "Only ECONNREFUSED says that nobody listens. Any other errno says that you could not find out: -1."


def fails_with(program: Program, scene: Scene, error: int) -> None:
    """One call in which connect() fails at once with `error`."""
    with scene.failing(error) as port:
        expect(program.call(port)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint=ONLY_REFUSED,
    why="It is a firewall rule on your own side that forbids the call; told 'closed', people restart a server that runs well.",
    more="connect(2) gives EACCES and EPERM for a local rule. Does your code ask for ECONNREFUSED by name, or for any failure at all?",
)
def access_denied(program: Program, scene: Scene) -> None:
    """a connection that is forbidden (EACCES) is an error, not a closed port"""
    fails_with(program, scene, errno.EACCES)


@check(
    points=1,
    needs=(open_port,),
    hint=ONLY_REFUSED,
    why="A gateway is down; whoever reads 'closed' searches the server and not the network.",
    more="EHOSTUNREACH comes from the kernel or a router, never from the port (ip(7), connect(2)). In Python several exceptions are plain OSError: look at their errno.",
)
def host_unreachable(program: Program, scene: Scene) -> None:
    """a host that cannot be reached (EHOSTUNREACH) is an error, not a closed port"""
    fails_with(program, scene, errno.EHOSTUNREACH)


@check(
    points=1,
    needs=(open_port,),
    hint=ONLY_REFUSED,
    why="A laptop that has lost its network would report every server in the world as down.",
    more="ENETUNREACH means that there was no route, so nothing was sent and nobody answered (connect(2)). In Python: which failures does your first except take?",
)
def network_unreachable(program: Program, scene: Scene) -> None:
    """a network that cannot be reached (ENETUNREACH) is an error, not a closed port"""
    fails_with(program, scene, errno.ENETUNREACH)


@check(
    points=1,
    needs=(open_port,),
    hint="The kernel found no port for your own end. Whether somebody listens is not known: -1.",
    why="A busy scanner runs out of ports of its own; counted as 'closed', half of its list is wrong.",
    more="EADDRNOTAVAIL is about your own end: see ip_local_port_range in ip(7), and connect(2). It goes where all the unforeseen errors go.",
)
def no_local_port(program: Program, scene: Scene) -> None:
    """having no port left for one's own end (EADDRNOTAVAIL) is an error, not a closed port"""
    fails_with(program, scene, errno.EADDRNOTAVAIL)


@check(
    points=1,
    needs=(open_port,),
    hint="No answer is not a refusal: a firewall or a busy server stays silent too. -1.",
    why="Firewalls drop packets without a word; taken for 'closed', a server behind one is missing from every list.",
    more="ETIMEDOUT stands among the errors of connect(2). In Python it is TimeoutError, and connect_ex() returns its number.",
)
def timed_out(program: Program, scene: Scene) -> None:
    """a connection that times out (ETIMEDOUT) is an error, not a closed port"""
    fails_with(program, scene, errno.ETIMEDOUT)


@check(
    points=1,
    needs=(open_port,),
    hint="A reset in the middle of the handshake is no refusal: -1.",
    why="Overloaded servers and load balancers reset connections while they run; neither 'up' nor 'down' has been shown.",
    more="Compare with one errno, not with a group of them (connect(2)). In Python ConnectionError is the parent of refusals and resets alike.",
)
def reset_in_handshake(program: Program, scene: Scene) -> None:
    """a connection that is reset while it is being made (ECONNRESET) is an error, neither open nor closed"""
    with scene.failing_late(errno.ECONNRESET) as port:
        expect(program.call(port)).to_return(-1)


@check(
    points=1,
    needs=(open_port,),
    hint="After EINPROGRESS, poll() only says that something happened; SO_ERROR says what.",
    why="Servers connect without blocking; where the end is read carelessly, each failure looks like a success.",
    more="getsockopt(2) with SO_ERROR (socket(7)) hands the error over once and clears it: read it after poll(2), and keep it. With a blocking connect(2) it is errno as ever.",
)
def fails_later(program: Program, scene: Scene) -> None:
    """a connection that is under way and then fails (EHOSTUNREACH) is an error"""
    with scene.failing_late(errno.EHOSTUNREACH) as port:
        expect(program.call(port)).to_return(-1)


@check(
    points=2,
    needs=(open_port,),
    hint="socket() can fail as well; then there is nothing to connect and nothing to close: -1.",
    why="A monitor that is short of descriptors would report all its neighbours as down, and hide its own trouble.",
    more="socket(2) returns -1 with EMFILE (RLIMIT_NOFILE in getrlimit(2)); test that before connect(). In Python socket.socket() raises OSError: is it inside the try?",
)
def no_descriptor_left(program: Program, scene: Scene) -> None:
    """when no descriptor is left for a socket (EMFILE), that is an error"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(1)
        with program.descriptors_left():
            expect(program.call(peer.port)).to_return(-1)
        expect(program.call(peer.port)).to_return(1)


@check(
    points=1,
    needs=(open_port,),
    hint="socket() has failed: there is nothing to connect and nothing to close. -1, whatever errno says.",
    why="On a machine under pressure it is socket() that fails first; an honest error leads people to that machine.",
    more="errno may be anything here, a number that you know from connect() too. Decide by what socket(2) returned, on a way out of its own.",
)
def no_socket(program: Program, scene: Scene) -> None:
    """when socket() fails for another reason (ENFILE, ENOBUFS, EACCES), that is an error too, and leaves nothing open"""
    before = program.descriptors()
    with scene.listener() as peer:
        for error in (errno.ENFILE, errno.ENOBUFS, errno.EACCES):
            with scene.no_socket(error):
                expect(program.call(peer.port)).to_return(-1)
            expect(program).to_have_descriptors(
                before, "What is opened before the socket stays open when there is none."
            )


@check(
    points=1,
    needs=(open_port,),
    hint="There are more errors than anybody can list. List the one that means closed instead.",
    why="Networks fail in ways that nobody foresaw; what is not known must not be sold as 'closed'.",
    more="Turn the list around: success, ECONNREFUSED, and one end for all the rest. Not even connect(2) lists every errno there is.",
)
def any_other_error(program: Program, scene: Scene) -> None:
    """every other errno of connect() is an error as well"""
    for error in (
        errno.EINVAL,
        errno.EPERM,
        errno.ENOBUFS,
        errno.ENETDOWN,
        errno.EHOSTDOWN,
        errno.EADDRINUSE,  # of bind() it would mean that somebody has the port
        errno.ECONNABORTED,
        errno.EPROTO,
    ):
        fails_with(program, scene, error)


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
        expect(program.call(port)).to_return(-1)
    with scene.listener(port=port):
        expect(program.call(port)).to_return(1)


# -- errno -----------------------------------------------------------------------------------------------------------

SAVE_ERRNO = "close() may change errno even when it succeeds. Keep errno in a variable before you close."


@check(
    points=1,
    hint=SAVE_ERRNO,
    why="An open port would be called an error now and then, on some machines only, and nobody could repeat it.",
    more="After a connect(2) that returned 0 there is no reason to look at errno: a call that succeeds may change it (errno(3)).",
)
def close_spoils_errno_after_success(program: Program, scene: Scene) -> None:
    """an open port stays open when close() changes errno"""
    with scene.listener() as peer, scene.close_leaves(errno.EIO):
        expect(program.call(peer.port)).to_return(1)


@check(
    points=2,
    hint=SAVE_ERRNO,
    why="The refusal turns into an error by chance, and a script that waits for the server gives up.",
    more="errno(3), Notes, tells of this mistake and how to avoid it: where does the copy have to be, seen from connect(2) and close(2)?",
)
def close_spoils_errno_after_refusal(program: Program, scene: Scene) -> None:
    """a closed port stays closed when close() changes errno"""
    with scene.closed_port() as port:
        for left_behind in (errno.EIO, errno.EINTR):
            with scene.close_leaves(left_behind):
                expect(program.call(port)).to_return(0)
            expect(program).to_have_closed_only_its_own()


@check(
    points=1,
    needs=(open_port,),
    hint=SAVE_ERRNO,
    why="A network that is down would be reported as a closed port: wrong, and nobody would doubt it.",
    more="Which errno does your last comparison see, that of connect(2) or that of close(2)? Follow it with your finger (errno(3)).",
)
def close_spoils_errno_after_error(program: Program, scene: Scene) -> None:
    """an error stays an error when close() changes errno, even to ECONNREFUSED"""
    with scene.failing(errno.EACCES) as port:
        for left_behind in (errno.EIO, errno.ECONNREFUSED):
            with scene.close_leaves(left_behind):
                expect(program.call(port)).to_return(-1)


@check(
    points=1,
    hint="errno means something only after a call that failed. Look at the return value first.",
    why="In a program that runs for long some call has nearly always left an errno behind; answers then change from day to day.",
    more="No call sets errno to 0 when it succeeds (errno(3)). Before each look at errno stands a return value that says failure.",
)
def stale_errno(program: Program, scene: Scene) -> None:
    """what an earlier failure left in errno does not change the answer"""
    with scene.listener() as peer:
        expect(program.call(peer.port, stale_errno=errno.ECONNREFUSED)).to_return(1)
        expect(program.call(-1, stale_errno=errno.ECONNREFUSED)).to_return(-1)


@check(
    points=1,
    hint="Each call starts anew: a fresh socket, and nothing remembered from the call before.",
    why="A scanner asks thousands of ports in turn; one answer that leaks into the next spoils the whole list.",
    more="Is there a variable that is set on one way through and read on all? Is it static or global? It needs a value at the start of each call.",
)
def refused_open_refused(program: Program, scene: Scene) -> None:
    """refused, open and refused again give 0, 1 and 0"""
    with scene.closed_port() as closed, scene.listener() as peer:
        expect(program.call(closed)).to_return(0)
        expect(program.call(peer.port)).to_return(1)
        expect(program.call(closed)).to_return(0)


# -- descriptors -----------------------------------------------------------------------------------------------------

CLOSE_ON_EVERY_PATH = "Walk each way out of the function with your finger: is there a close() on it?"


@check(
    points=1,
    needs=(open_port,),
    hint=CLOSE_ON_EVERY_PATH,
    why="A monitor that asks every second has used up its descriptors after 17 minutes: the usual limit is 1024.",
    more="Look for a return between connect(2) and close(2). In Python, with and finally act on each way out.",
)
def nothing_left_after_success(program: Program, scene: Scene) -> None:
    """nothing is left open after an open port"""
    with scene.listener() as peer:
        before = program.descriptors()
        program.call(peer.port)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(closed_port,),
    hint=CLOSE_ON_EVERY_PATH,
    why="Waiting for a server that is not up yet means hundreds of refusals; with a leak, the program soon can open nothing more.",
    more="A connect(2) that failed has closed nothing: the socket is still there. Count the returns below socket(2), then the close(2) calls before them.",
)
def nothing_left_after_refusal(program: Program, scene: Scene) -> None:
    """nothing is left open after a refusal"""
    with scene.closed_port() as port:
        before = program.descriptors()
        program.call(port)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port,),
    hint=CLOSE_ON_EVERY_PATH,
    why="Errors come in storms; a program that leaks on errors breaks down just when it is needed.",
    more="Follow the way on which errno is not ECONNREFUSED, and those on which poll(2) or getsockopt(2) fails. Does close(2) stand on each?",
)
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
            expect(program).to_have_closed_only_its_own()


@check(
    points=1,
    needs=(open_port,),
    hint="Test the port first, then make the socket; or close it on this way out too.",
    why="A bad list of ports is enough to use up all descriptors, without a single connection.",
    more="Which comes first, socket(2) or the comparison of the port? In Python the OverflowError that connect() raises jumps over a close() below it.",
)
def nothing_left_after_bad_port(program: Program, scene: Scene) -> None:
    """nothing is left open after a number that is no port"""
    before = program.descriptors()
    for number in (-1, 0, 65536, INT_MIN, INT_MAX):
        program.call(number)
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
                expect(program.call(peer.port)).to_return(1, -1)
            expect(program).to_have_descriptors(before)


@check(
    points=2,
    needs=(open_port, closed_port),
    hint=CLOSE_ON_EVERY_PATH,
    why="Scanners and monitors run for days; what goes wrong once in a hundred calls goes wrong there every hour.",
    more="Find out which kind of number leaks: count what is in /proc/self/fd (proc(5)) before and after one call with each kind.",
)
def a_thousand_calls(program: Program, scene: Scene) -> None:
    """a thousand calls in a row, with 64 descriptors at most, are all answered right and leave nothing open"""
    with scene.listener() as peer, scene.closed_port() as closed, program.only_descriptors(64):
        wanted = {peer.port: 1, closed: 0, -1: -1, 65536: -1}
        ten = [peer.port, -1, 65536, -1, 65536, closed, -1, 65536, -1, 65536]  # 100 of each path: more than 64
        turns = [(number,) for number in ten * 100]
        before = program.descriptors()
        # One in five asks the kernel; those may take half a second each, and then nobody takes them for a call that hangs.
        for (number,), call in zip(turns, program.calls(turns, each=0.11), strict=False):
            expect(call).to_return(wanted[number])
    expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint="One socket(), one close(), on every path. 0, 1 and 2 are not yours.",
    why="In a program with threads the second close() hits a file or connection that somebody else has just opened.",
    more="close(2) tells how numbers are used again. Look for one close() in a helper and another at the end, for fclose(3) besides close(), and for loops over numbers.",
)
def closes_only_its_own(program: Program, scene: Scene) -> None:
    """nothing is closed twice, and nothing that belongs to others"""
    with program.bystanders():
        before = program.descriptors()
        for number in itertools.chain(asked(program, scene), (-1, 65536)):
            program.call(number)
            expect(program).to_have_closed_only_its_own()
            expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint="socket() returns the lowest free number, and that may be 0. Only -1 means failure.",
    why="Daemons close 0, 1 and 2 as they start; the next socket there is 0, and a careless test takes it for a failure.",
    more="What does socket(2) say under Return value? Look at each comparison of the descriptor, the one that guards close(2) too. In Python 0 counts as false.",
)
def descriptor_0(program: Program, scene: Scene) -> None:
    """a socket that gets descriptor 0 works like any other"""
    with scene.listener() as peer, scene.closed_port() as closed, program.without_descriptor(0):
        before = program.descriptors()
        expect(program.call(peer.port)).to_return(1)
        expect(program.call(closed)).to_return(0)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(open_port, closed_port),
    hint="A descriptor is an int; a busy program has hundreds.",
    why="A web server holds thousands of connections; there a descriptor that is kept in a char, or compared with a small limit, fails.",
    more="Which type keeps what socket(2) returned? And select(2) can only watch numbers below FD_SETSIZE; poll(2) takes any.",
)
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
    why="What is left behind adds up in the program that calls you, until it must be restarted.",
    more="Look into /proc/PID/fd and /proc/PID/task (proc(5)) between two calls. Threads are waited for by pthread_join(3), children by wait(2); what is kept for the next call counts too.",
)
def nothing_left_at_the_end(program: Program, scene: Scene) -> None:
    """after all these calls no descriptor, thread or process is left"""
    with scene.listener() as peer:
        program.call(peer.port)
    expect(program).to_have_descriptors(program.at_start)
    expect(program).to_have_no_threads_left()
    expect(program).to_have_no_children()


# -- manners ---------------------------------------------------------------------------------------------------------


def asked(program: Program, scene: Scene) -> Iterator[int]:
    """Ports for each way that a call can go: open, closed, failing with an error, and open with no descriptor left. Each is so until
    the next is asked for."""
    with scene.listener() as peer:
        yield peer.port
    with scene.closed_port() as port:
        yield port
    for error in (errno.EACCES, errno.ETIMEDOUT):
        with scene.failing(error) as port:
            yield port
    with scene.listener() as peer, program.descriptors_left():
        yield peer.port


@check(
    points=1,
    hint="The address is 127.0.0.1 (INADDR_LOOPBACK), written down: no name, no 0.0.0.0, no second try elsewhere.",
    why="Asked by mistake, another machine gives an answer about the wrong server, and its owner gets an alarm.",
    more='ip(7) has INADDR_LOOPBACK, and inet_pton(3) reads "127.0.0.1" without asking anybody. getaddrinfo(3) looks up names, and "localhost" is one, in Python too.',
)
def only_loopback(program: Program, scene: Scene) -> None:
    """only 127.0.0.1 is contacted, and no name is looked up"""
    scene.need_recorder()
    for port in asked(program, scene):
        program.start_check()
        program.call(port)
        expect(program).to_have_contacted_only(LOOPBACK, port)


@check(
    points=1,
    needs=(open_port,),
    hint="A client needs no bind(); the kernel gives it a port of its own when it connects.",
    why="While you hold the port, if only for a moment, the server that is just starting there fails with EADDRINUSE.",
    more="bind(2) is what servers do; SO_REUSEADDR (socket(7)) does not make it harmless. connect(2) alone picks a port for your end.",
)
def binds_nothing(program: Program, scene: Scene) -> None:
    """the port is asked by connecting, not by trying to take it"""
    scene.need_recorder()
    for port in asked(program, scene):
        program.call(port)
        expect(program).to_have_bound_nothing_to(port)


@check(
    points=1,
    needs=(open_port,),
    hint="The answer is one system call away; no shell, no nc and no child process is needed.",
    why="Starting a program takes far longer than the connection itself, and where nc is not installed the answer is always wrong.",
    more="Search for system(3), popen(3), fork(2), subprocess and multiprocessing: socket(2) and connect(2) do here what nc would do elsewhere.",
)
def starts_no_process(program: Program, scene: Scene) -> None:
    """no other process is started"""
    for port in itertools.chain(asked(program, scene), (-1, 65536)):
        program.call(port)
        expect(program).to_have_started_no_process()


@check(
    points=1,
    needs=(open_port,),
    hint="When the function returns, all that it started has ended.",
    why="A monitor that leaves one thread a call is full of them within hours, and then can start no more.",
    more="Does a timer or worker still run? pthread_join(3) waits for a thread; a detached one goes on. In Python an executor ends with shutdown().",
)
def leaves_no_thread(program: Program, scene: Scene) -> None:
    """no thread is left running, and no alarm or timer that goes off later"""
    for port in itertools.chain(asked(program, scene), (-1, 65536)):
        program.call(port)
        expect(program).to_have_no_threads_left()
        expect(program).to_have_left_no_alarm()


@check(
    points=1,
    last=True,
    needs=(open_port,),
    hint="socket(), connect(), close() and their like are enough; what reaches further is refused here.",
    why="Services are locked down like this wherever they run with care; there a program that reaches further just fails.",
    more="The top of this report names the call, and its line if that is known. socket(2), connect(2), poll(2), getsockopt(2) and close(2) are all that the exercise needs.",
)
def tries_nothing_forbidden(program: Program, scene: Scene) -> None:
    """nothing is tried that reaches beyond sockets: other programs, other processes, the system itself"""
    expect(program).to_have_tried_nothing_forbidden()


@check(
    points=1,
    needs=(open_port,),
    hint="The caller compares with 1, 0 and -1; a descriptor, an errno or None is no answer.",
    why="Scripts compare the answer with 1, 0 and -1; another number falls between the cases, or counts as a yes.",
    more="Is there a way to the end without a return? gcc -Wreturn-type warns of it; in Python it gives None. What connect_ex() or socket(2) returned is no answer yet.",
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
    why="A caller who passes one thing too many by a slip would make a local check ask another machine.",
    more="What the other parameters hold, a host or a timeout, belongs into the body as a constant. *args and **kwargs count too, as inspect.signature() shows.",
)
def exactly_one_parameter(program: Program, scene: Scene) -> None:
    """the function takes exactly one parameter, the port"""
    expect(program).to_have_plain_signature()


# -- memory ----------------------------------------------------------------------------------------------------------


@check(
    points=3,
    languages=("c",),
    sanitized=True,
    hint="Look at sizes: of buffers, of addresses, of what you pass to sizeof. And is anything used after free(), or before it was set?",
    why="A wrong access can go well for years, and then crash a server or change a number somewhere else in it.",
    more="Compile it with gcc -g -fsanitize=address,undefined and call it from a main of your own: the report names line and variable. connect(2) wants the size of the struct, not of a pointer.",
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
    why="A script that waits for a server on a high port may one day meet itself, and go on without a server.",
    more="Your own end's port comes from ip_local_port_range (ip(7)). If it happens to be the one you ask for, TCP connects the socket to itself; getsockname(2) tells.",
)
def connects_to_itself(program: Program, scene: Scene) -> None:
    """a socket that happens to connect to itself has found no listener"""
    with scene.own_port() as port:
        expect(program.call(port)).to_return(0, -1)


@check(
    points=1,
    bonus=True,
    needs=(open_port,),
    hint="The connection was made before it was reset.",
    why="Some servers reset whoever they do not know; the port is in use all the same.",
    more="A blocking connect(2) that returned 0 has settled it. After EINPROGRESS a reset may be all that SO_ERROR (socket(7)) still shows.",
)
def reset_on_accept(program: Program, scene: Scene) -> None:
    """a listener that resets every caller as it accepts is still a listener"""
    with scene.listener(then=reset) as peer:
        expect(program.call(peer.port)).to_return(1)


@check(
    points=1,
    bonus=True,
    needs=(open_port,),
    hint="After EINTR the handshake goes on (connect(2)): poll for writability, then ask SO_ERROR.",
    why="Programs with timers or children get signals all the time; a monitor that trips over EINTR raises false alarms.",
    more="signal(7) names connect(2) among the calls that a signal ends early. Calling it again gives EALREADY or EISCONN; poll(2) and getsockopt(2) tell how it ended.",
)
def signal_during_connect(program: Program, scene: Scene) -> None:
    """a signal in the middle of connect() does not spoil the answer"""
    with scene.interrupting() as port:
        expect(program.call(port)).to_return(1)
