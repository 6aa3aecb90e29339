"""How tcp-client-connect is graded."""

import contextlib
import errno
import itertools
import socket
from collections.abc import Iterator

from socklab.vocabulary import LOOPBACK, Mismatch, Program, Scene, check, expect, hang_up

INT_MAX, INT_MIN = 2**31 - 1, -(2**31)

EVERY_BYTE = bytes(range(256)) * 256
"""64 KiB in which each value occurs, 0 among them."""

# -- connected: a socket ---------------------------------------------------------------------------------------------


@check(
    points=3,
    hint="Hand over the very socket whose connect() to 127.0.0.1 succeeded, open. Is the port in network byte order?",
    why="Whoever gets something else writes a request into nowhere, and waits for an answer that cannot come.",
    more="Fill the address as ip(7) describes it: AF_INET, then port and address, both in network byte order (htons, htonl). Return what socket(2) gave you, in Python the socket object, and only after connect(2) has succeeded.",
)
def connected(program: Program, scene: Scene) -> None:
    """where somebody listens, the caller gets one end of a connection, and the listener has the other"""
    with scene.listener() as peer, program.socket_of(program.call(peer.port)) as mine:
        expect(mine).to_be_connected_to(peer.accept())


@check(
    points=2,
    needs=(connected,),
    hint="The socket must carry whatever the two have to say, in both directions.",
    why="Pictures and archives are full of zero bytes, and answers are often larger than any one buffer.",
    more="Is it a SOCK_STREAM (socket(2)), and has nothing been shut down (shutdown(2)) or set to a size of its own (SO_RCVBUF in socket(7))?",
)
def bytes_both_ways(program: Program, scene: Scene) -> None:
    """the connection carries every byte both ways, zeros included, hundreds of thousands of them"""
    with scene.listener() as peer, program.socket_of(program.call(peer.port)) as mine:
        theirs = peer.accept()
        if not mine.is_silent(0):
            raise Mismatch("nothing to read before anybody speaks", "end of file at once")
        for _ in range(5):
            mine.send(EVERY_BYTE)
            expect(theirs).to_receive(EVERY_BYTE)
            theirs.send(EVERY_BYTE)
            expect(mine).to_receive(EVERY_BYTE)


@check(
    points=2,
    needs=(connected,),
    hint="What you set on the socket while you connected is still set afterwards. The caller wants to wait.",
    why="read() on such a socket fails at once or after your time limit, and the caller takes a slow server for a dead one.",
    more="Look for SOCK_NONBLOCK, O_NONBLOCK (fcntl(2)), FIONBIO, SO_RCVTIMEO (socket(7)) and TCP_USER_TIMEOUT (tcp(7)); in Python setblocking() and every timeout, that of create_connection() too. gettimeout() should say None in the end.",
)
def blocking(program: Program, scene: Scene) -> None:
    """the socket is blocking: reading from it waits until something comes, however long"""
    with scene.listener() as peer, program.socket_of(program.call(peer.port)) as mine:
        expect(mine).to_be_blocking()
        expect(mine).to_have_no_timeout()


@check(
    points=1,
    needs=(connected,),
    hint="Connect, and hand over. The first byte is the caller's.",
    why="One stray byte before the request, and a server answers to something that nobody has asked.",
    more="Between connect(2) and the return no call that writes is needed. Search your code for send(), sendto(), write() and sendall().",
)
def sends_nothing(program: Program, scene: Scene) -> None:
    """nothing is sent but what the caller sends"""
    with scene.listener() as peer:
        with program.socket_of(program.call(peer.port)):
            theirs = peer.accept()
        expect(theirs).to_see_the_end()
        expect(program).to_have_sent_nothing()


@check(
    points=1,
    needs=(connected,),
    hint="What the server says belongs to the caller, its very first word too.",
    why="A mail or FTP server greets first; a client that has lost the greeting waits for it for ever.",
    more="Look for a recv() or read() after your connect(2), and for makefile() in Python: whatever it has taken nobody else will see.",
)
def server_speaks_first(program: Program, scene: Scene) -> None:
    """a greeting that the server sends at once is left for the caller to read"""
    callers: list[socket.socket] = []

    def greet(caller: socket.socket) -> None:
        caller.sendall(b"220 ready\r\n")
        callers.append(caller)

    with scene.listener(then=greet) as peer, program.socket_of(program.call(peer.port)) as mine:
        expect(mine).to_receive(b"220 ready\r\n")


@check(
    points=1,
    needs=(connected,),
    hint="The caller's close() must be the last: keep no second descriptor of the connection, and leave SO_LINGER alone.",
    why="As long as one descriptor is open the server waits for more; and a reset instead of an end throws away what was under way.",
    more="dup(2), fork(2) and in Python dup() and makefile() make one connection have two owners. SO_LINGER (socket(7)) of 0 seconds makes close(2) a reset.",
)
def ends_with_the_callers_close(program: Program, scene: Scene) -> None:
    """when the caller closes the socket the server sees the end, after all that was sent"""
    with scene.listener() as peer:
        with program.socket_of(program.call(peer.port)) as mine:
            theirs = peer.accept()
            mine.send(b"that is all\n")
        expect(theirs).to_receive(b"that is all\n")
        expect(theirs).to_see_the_end()


@check(
    points=1,
    needs=(connected,),
    hint="The kernel completes the connection before the server accepts it; wait for no word from the server.",
    why="A busy server may take seconds to accept; a client that waits for its first word never sends the request.",
    more="listen(2) explains the backlog: the kernel answers on its own and queues the connection. Once connect(2) has returned 0 all is done.",
)
def not_yet_accepted(program: Program, scene: Scene) -> None:
    """a connection that the server has not accepted yet is one, and can be written to"""
    with scene.listener() as peer, program.socket_of(program.call(peer.port)) as mine:
        mine.send(b"early")
        expect(peer.accept()).to_receive(b"early")


@check(
    points=1,
    needs=(connected,),
    hint="connect() has succeeded; what the other side does after that is for the caller to find out.",
    why="The caller may well know what an early end means: that the server is full, or that there is nothing to fetch.",
    more="After a connect(2) that returned 0 there is nothing left to test: no recv(), no poll(), no getpeername(). The caller's read(2) will return 0.",
)
def server_hangs_up(program: Program, scene: Scene) -> None:
    """a server that hangs up at once has been connected to all the same: the caller reads end of file"""
    with scene.listener(then=hang_up) as peer, program.socket_of(program.call(peer.port)) as mine:
        expect(mine).to_see_the_end()


@check(
    points=2,
    needs=(connected,),
    hint="Each call makes a socket and a connection of its own, and remembers nothing.",
    why="Two parts of a program that unknowingly share a connection read each other's answers.",
    more="No static or global variable, no cache, may carry a socket into the next call: each one has a socket(2) and a connect(2) of its own.",
)
def two_at_once(program: Program, scene: Scene) -> None:
    """two calls for the same port give two connections"""
    with scene.listener() as peer, program.socket_of(program.call(peer.port)) as one:
        expect(one).to_be_connected_to(peer.accept())
        with program.socket_of(program.call(peer.port)) as other:
            expect(other).to_be_connected_to(peer.accept())


@check(
    points=1,
    needs=(connected,),
    hint="1 is the smallest port there is. Only root may listen below 1024, but anybody may connect there.",
    why="Mail, web and name servers all live below 1024; a client that begins too late cannot reach them.",
    more="Look at the comparison that sorts out bad numbers: does 1 pass it? ip(7) speaks of privileged ports for bind() only.",
)
def port_1(program: Program, scene: Scene) -> None:
    """the lowest port, 1, can be connected to"""
    with scene.listener(port=1) as peer, program.socket_of(program.call(1)) as mine:
        expect(mine).to_be_connected_to(peer.accept())


@check(
    points=1,
    needs=(connected,),
    hint="A port has 16 bits: 65535 is the largest, and it is a port like any other.",
    why="Servers on ports that the kernel chose may get any number; one of them would never be reached.",
    more="Look for < where <= is meant, or a range that leaves out its end. And what is the number kept in? 65535 fits in_port_t (ip(7)), but no short.",
)
def port_65535(program: Program, scene: Scene) -> None:
    """the highest port, 65535, can be connected to"""
    with scene.listener(port=65535) as peer, program.socket_of(program.call(65535)) as mine:
        expect(mine).to_be_connected_to(peer.accept())


# -- no connection: the error of the call that failed ----------------------------------------------------------------

ITS_OWN_ERRNO = "The caller gets the errno of the very call that failed, not one that you have chosen."


@check(
    points=3,
    hint="connect() can fail: look at what it returns before you hand the socket over.",
    why="A caller that takes a dead socket for a connection finds out much later, at the first write, and does not know why.",
    more="connect(2) returns -1 and sets errno; this function does the same, after it has closed the socket. In Python connect() raises by itself, and connect_ex() gives a number that somebody must look at.",
)
def refused(program: Program, scene: Scene) -> None:
    """where nobody listens, the caller gets the refusal (ECONNREFUSED)"""
    with scene.closed_port() as port:
        before = scene.connects_tried()
        expect(program.call(port)).to_fail_with(errno.ECONNREFUSED)
        expect(scene).to_have_seen_an_attempt(since=before)


@check(
    points=1,
    hint="TCP and UDP count their ports apart. Is your socket a SOCK_STREAM?",
    why="A datagram socket has no connection: what is sent may get lost, and nobody says so.",
    more="socket(2) describes the types. With SOCK_DGRAM, connect(2) only notes the address and succeeds whether anybody is there or not.",
)
def udp_is_not_tcp(program: Program, scene: Scene) -> None:
    """a UDP socket of the same number is not connected to"""
    with scene.udp_socket() as port:
        expect(program.call(port)).to_fail_with(errno.ECONNREFUSED)


@check(
    points=1,
    hint="::1 is another address than 127.0.0.1; only 127.0.0.1 is asked for.",
    why="Another program may listen there, and the client talks to the wrong one without a word of warning.",
    more="The family is AF_INET (ip(7)), with no second try at ::1. getaddrinfo(3), and create_connection() in Python, try every address that a name has.",
)
def only_on_ipv6(program: Program, scene: Scene) -> None:
    """a listener on ::1 alone is not on 127.0.0.1"""
    with scene.listener(host="::1") as peer:
        expect(program.call(peer.port)).to_fail_with(errno.ECONNREFUSED)


@check(
    points=1,
    needs=(connected,),
    hint=ITS_OWN_ERRNO,
    why="EACCES points at a firewall on one's own side; told anything else, people search the server.",
    more="connect(2) gives EACCES and EPERM for a local rule. In Python the exception that connect() raised carries errno; one that you make needs the number as its first argument.",
)
def access_denied(program: Program, scene: Scene) -> None:
    """a connection that is forbidden fails with EACCES"""
    fails_with(program, scene, errno.EACCES)


@check(
    points=1,
    needs=(connected,),
    hint=ITS_OWN_ERRNO,
    why="A host that is down and a network that is down are repaired by different people.",
    more="ip(7) and connect(2) name both. In Python they are plain OSError, told apart by errno alone.",
)
def unreachable(program: Program, scene: Scene) -> None:
    """a host or network that cannot be reached fails with EHOSTUNREACH or ENETUNREACH"""
    fails_with(program, scene, errno.EHOSTUNREACH)
    fails_with(program, scene, errno.ENETUNREACH)


@check(
    points=1,
    needs=(connected,),
    hint="The kernel found no port for your own end, and says so in errno.",
    why="A busy client that runs out of ports has to slow down; told 'refused', it would give up a server that is well.",
    more="EADDRNOTAVAIL is about your own end: see ip_local_port_range in ip(7), and connect(2). It goes the way of all errors.",
)
def no_local_port(program: Program, scene: Scene) -> None:
    """having no port left for one's own end fails with EADDRNOTAVAIL"""
    with scene.failing(
        errno.EADDRNOTAVAIL
    ) as port:  # whoever binds an own end first hears of it from bind(2), as EADDRINUSE
        expect(program.call(port)).to_fail_with(errno.EADDRNOTAVAIL, errno.EADDRINUSE)


@check(
    points=1,
    needs=(connected,),
    hint="No answer is not a refusal. The caller may want to wait longer, so tell it apart.",
    why="After a time-out one tries again, after a refusal one looks whether the server runs at all.",
    more="ETIMEDOUT stands among the errors of connect(2). In Python it is TimeoutError, and connect_ex() returns its number.",
)
def timed_out(program: Program, scene: Scene) -> None:
    """a connection that times out fails with ETIMEDOUT"""
    fails_with(program, scene, errno.ETIMEDOUT)


@check(
    points=1,
    needs=(connected,),
    hint="There are more errors than anybody can list; hand each on as it is.",
    why="The error that nobody foresaw is the one that must be reported word for word.",
    more="No list of errno values is needed: what connect(2) left in errno is what the caller gets. In Python let OSError pass.",
)
def any_other_error(program: Program, scene: Scene) -> None:
    """every other error of connect() is handed on as well"""
    for error in (errno.ENETDOWN, errno.EHOSTDOWN, errno.ENOBUFS, errno.EPERM, errno.EPROTO):
        fails_with(program, scene, error)


@check(
    points=2,
    needs=(connected,),
    hint="After EINPROGRESS the end comes later: it is neither in connect()'s result nor in errno.",
    why="Servers connect without blocking; where the end is read carelessly, a failure becomes a socket that is none.",
    more="poll(2) says that something happened, getsockopt(2) with SO_ERROR (socket(7)) says what: that number is the errno to hand on. With a blocking connect(2) it is errno as ever.",
)
def fails_later(program: Program, scene: Scene) -> None:
    """a connection that fails only after it was under way gives that error (EHOSTUNREACH, ECONNRESET)"""
    for error in (errno.EHOSTUNREACH, errno.ECONNRESET):
        with scene.failing_late(error, after=0.01) as port:  # not before SO_ERROR is asked too early
            expect(program.call(port)).to_fail_with(error)


@check(
    points=2,
    needs=(connected,),
    hint="socket() can fail as well; then there is nothing to connect and nothing to close.",
    why="EMFILE tells that the program itself has too many files open; any other error sends people to the network.",
    more="socket(2) returns -1 with EMFILE (RLIMIT_NOFILE in getrlimit(2)); go no further with it. In Python socket.socket() raises OSError: which variables does your except clause use?",
)
def no_descriptor_left(program: Program, scene: Scene) -> None:
    """when no descriptor is left for a socket, the call fails with EMFILE, and works again as soon as there is one"""
    with scene.listener() as peer:
        with program.descriptors_left():
            expect(program.call(peer.port)).to_fail_with(errno.EMFILE)
        with program.socket_of(program.call(peer.port)) as mine:
            expect(mine).to_be_connected_to(peer.accept())


@check(
    points=1,
    needs=(connected,),
    hint="socket() has failed: hand on its errno, whatever it is.",
    why="On a machine under pressure it is socket() that fails first; an honest error leads people to that machine.",
    more="What socket(2) left in errno must reach the caller: neither connect(2) nor close(2) should be called after it.",
)
def no_socket(program: Program, scene: Scene) -> None:
    """when socket() fails for another reason (ENFILE, ENOBUFS, EACCES), that is the error, and nothing is left open"""
    before = program.descriptors()
    with scene.listener() as peer:
        for error in (errno.ENFILE, errno.ENOBUFS, errno.EACCES):
            with scene.no_socket(error):
                expect(program.call(peer.port)).to_fail_with(error)
            expect(program).to_have_descriptors(
                before, "What is opened before the socket stays open when there is none."
            )


@check(
    points=1,
    needs=(connected,),
    hint="Each call starts anew: what failed a moment ago may work now, and the other way round.",
    why="A client that waits for its server to start tries again and again; if the first no sticks, it waits forever.",
    more="After a connect() that failed a socket is of no more use (connect(2), Notes): make a new one in each call, and keep no answer.",
)
def refused_connected_refused(program: Program, scene: Scene) -> None:
    """a port is connected to as soon as somebody listens there, and refused as soon as nobody does"""
    with scene.closed_port() as port:
        expect(program.call(port)).to_fail_with(errno.ECONNREFUSED)
    with scene.listener(port=port) as peer, program.socket_of(program.call(port)) as mine:
        expect(mine).to_be_connected_to(peer.accept())
    with scene.closed_port(port):
        expect(program.call(port)).to_fail_with(errno.ECONNREFUSED)


def fails_with(program: Program, scene: Scene, error: int) -> None:
    """One call in which connect() fails at once with `error`."""
    with scene.failing(error) as port:
        expect(program.call(port)).to_fail_with(error)


# -- no port at all --------------------------------------------------------------------------------------------------

WRONG_SERVER = "Unless it is refused, a mistyped number talks to a server that nobody meant."


@check(
    points=1,
    needs=(connected,),
    hint="Ports are 1 to 65535. Nothing can be connected to on port 0.",
    why="In settings 0 often means: not set. A connection made from that leads nowhere.",
    more="bind(2) takes 0 for any free port (ip(7)), but connect(2) to it is refused. Which way through your function leads to a socket all the same?",
)
def port_0(program: Program, scene: Scene) -> None:
    """0 is no port to connect to"""
    expect(program.call(0)).to_fail()


@check(
    points=1,
    needs=(connected,),
    hint="Look at the number before you use it: a minus sign makes no port.",
    why="A setting that is missing is often read as -1; as 16 bits that would be port 65535, where somebody may well listen.",
    more="A port field has 16 bits and no sign (ip(7)), so -1 becomes 65535 in it, and abs(3) makes 1 of it: compare before either. In Python connect() raises OverflowError, while getaddrinfo() does not.",
)
def negative_port(program: Program, scene: Scene) -> None:
    """-1 is no port, even while somebody listens on 1 and on 65535"""
    with scene.listener(port=1), scene.listener(port=65535):
        expect(program.call(-1)).to_fail()


@check(
    points=1,
    needs=(connected,),
    hint="65535 is the largest number that 16 bits hold; what is larger loses its upper bits on the way.",
    why=WRONG_SERVER,
    more="What type has the variable that you compare? A uint16_t or in_port_t has lost the upper bits before the comparison sees them (htons(3)). In Python create_connection() lets such numbers through.",
)
def too_large_by_65536(program: Program, scene: Scene) -> None:
    """an open port plus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        expect(program.call(peer.port + 65536)).to_fail()


@check(
    points=1,
    needs=(connected,),
    hint="htons() keeps 16 bits, of negative numbers too. Test the int, before it is cut.",
    why=WRONG_SERVER,
    more="An upper bound alone does not catch it. As 16 bits without a sign (htons(3)) a negative number looks like a port, so there must be a lower bound too.",
)
def too_small_by_65536(program: Program, scene: Scene) -> None:
    """an open port minus 65536 is no port, though its low 16 bits are those of an open one"""
    with scene.listener() as peer:
        expect(program.call(peer.port - 65536)).to_fail()


@check(
    points=1,
    needs=(connected,),
    hint="Compare; do not compute. INT_MAX + 1 and -INT_MIN are no ints.",
    why="Numbers from files can be anything; in C a sum that overflows is undefined, and after that nothing is certain.",
    more="As 16 bits INT_MAX is 65535 and INT_MIN + 1 is 1. port + 1, -port and abs(port) overflow at one end or the other (abs(3), Notes); two comparisons with constants never do.",
)
def extreme_numbers(program: Program, scene: Scene) -> None:
    """the largest and the smallest ints are no ports, whoever listens on 1 and on 65535"""
    with scene.listener(port=1), scene.listener(port=65535):
        for number in (65536, 65537, INT_MAX, INT_MIN, INT_MIN + 1):
            expect(program.call(number)).to_fail()


# -- errno -----------------------------------------------------------------------------------------------------------

SAVE_ERRNO = "close() may change errno even when it succeeds. Keep errno in a variable before you close."


@check(
    points=2,
    languages=("c",),
    hint=SAVE_ERRNO,
    why="perror() then prints something that never happened, on some machines only, and nobody can repeat it.",
    more="errno(3), Notes, tells of this mistake and how to avoid it: where does the copy have to be made, and where put back, seen from connect(2) and close(2)?",
)
def close_spoils_errno_after_refusal(program: Program, scene: Scene) -> None:
    """a refusal stays a refusal when close() changes errno"""
    with scene.closed_port() as port:
        for left_behind in (errno.EIO, errno.EINTR):
            with scene.close_leaves(left_behind):
                expect(program.call(port)).to_fail_with(errno.ECONNREFUSED)


@check(
    points=1,
    languages=("c",),
    needs=(connected,),
    hint=SAVE_ERRNO,
    why="The rare errors are those that somebody has to understand from a log, long afterwards.",
    more="Which errno does the caller see on this way out, that of connect(2) or that of close(2)? Follow it with your finger (errno(3)), after poll(2) and getsockopt(2) too.",
)
def close_spoils_errno_after_error(program: Program, scene: Scene) -> None:
    """any other error stays itself when close() changes errno, also one that comes late"""
    with scene.failing(errno.EACCES) as port, scene.close_leaves(errno.ECONNREFUSED):
        expect(program.call(port)).to_fail_with(errno.EACCES)
    with scene.failing_late(errno.EHOSTUNREACH) as port, scene.close_leaves(errno.EIO):
        expect(program.call(port)).to_fail_with(errno.EHOSTUNREACH)


@check(
    points=1,
    languages=("c",),
    needs=(connected,),
    hint="errno means something only after a call that failed. Look at the return value first.",
    why="In a program that runs for long some call has nearly always left an errno behind; then no connection would ever succeed.",
    more="No call sets errno to 0 when it succeeds (errno(3)). Before each look at errno stands a return value that says failure.",
)
def stale_errno(program: Program, scene: Scene) -> None:
    """what an earlier failure left in errno changes nothing"""
    with scene.listener() as peer, program.socket_of(program.call(peer.port, stale_errno=errno.EACCES)) as mine:
        expect(mine).to_be_connected_to(peer.accept())
    with scene.closed_port() as port:
        expect(program.call(port, stale_errno=errno.EACCES)).to_fail_with(errno.ECONNREFUSED)


# -- descriptors -----------------------------------------------------------------------------------------------------

CLOSE_ON_FAILURE = "Walk each way out of the function with your finger: where there is no connection to hand over, is there a close() on it?"


@check(
    points=2,
    needs=(connected,),
    hint="The caller closes one descriptor: the one that you handed over. There must be no other.",
    why="A program that connects once a minute has used up its descriptors after a day: the usual limit is 1024.",
    more="List what your function opens: each socket(2), dup(2), epoll_create(2), in Python each socket, selector and event loop. All but the one that is returned must be closed.",
)
def nothing_left_after_success(program: Program, scene: Scene) -> None:
    """once the caller has closed the socket, nothing is left open"""
    with scene.listener() as peer:
        before = program.descriptors()
        program.take_back(program.call(peer.port))
        expect(program).to_have_descriptors(before)


@check(
    points=2,
    needs=(refused,),
    hint=CLOSE_ON_FAILURE,
    why="Waiting for a server that is not up yet means hundreds of refusals; with a leak, the program soon can open nothing more.",
    more="A connect(2) that failed has closed nothing: the socket is still there, and only you know its number. In Python an exception that is kept keeps the socket alive too.",
)
def nothing_left_after_refusal(program: Program, scene: Scene) -> None:
    """nothing is left open after a refusal"""
    with scene.closed_port() as port:
        before = program.descriptors()
        program.call(port)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(connected,),
    hint=CLOSE_ON_FAILURE,
    why="Errors come in storms; a program that leaks on errors breaks down just when it is needed.",
    more="Follow the ways on which errno is not ECONNREFUSED, and those on which poll(2) or getsockopt(2) tells of the failure. Does close(2) stand on each?",
)
def nothing_left_after_errors(program: Program, scene: Scene) -> None:
    """nothing is left open after any other error"""
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
    needs=(connected,),
    hint="Test the port first, then make the socket; or close it on this way out too.",
    why="A bad list of ports is enough to use up all descriptors, without a single connection.",
    more="Which comes first, socket(2) or the comparison of the port? In Python the OverflowError that connect() raises jumps over a close() below it.",
)
def nothing_left_after_bad_port(program: Program, scene: Scene) -> None:
    """nothing is left open, and nothing closed, after a number that is no port"""
    before = program.descriptors()
    for number in (-1, 0, 65536, INT_MIN, INT_MAX):
        program.call(number)
    expect(program).to_have_descriptors(before)


@check(
    points=1,
    languages=("c",),
    needs=(connected, no_descriptor_left),
    hint=CLOSE_ON_FAILURE,
    why="A program that is short of descriptors loses its last ones like this, and then can neither log nor accept.",
    more="Who opens something besides the socket, with epoll_create1(2), eventfd(2) or dup(2), has a way out on which that fails while the socket is there already.",
)
def one_descriptor_left(program: Program, scene: Scene) -> None:
    """nothing is left open where there is a descriptor for a socket, and hardly one for anything else"""
    with scene.listener() as peer:
        before = program.descriptors()
        for spare in (1, 2):
            with program.descriptors_left(spare):
                call_and_close(program, peer.port)
            expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(connected, refused),
    hint="One socket(), and on failure one close(). 0, 1 and 2 are not yours.",
    why="In a program with threads the second close() hits a file or connection that somebody else has just opened.",
    more="close(2) tells how numbers are used again. Look for one close() in a helper and another at the end, and for a variable that holds a number which no socket(2) has returned.",
)
def closes_only_its_own(program: Program, scene: Scene) -> None:
    """nothing is closed twice, and nothing that belongs to others"""
    with program.bystanders():
        before = program.descriptors()
        for number in itertools.chain(asked(program, scene), (-1, 65536)):
            call_and_close(program, number)
            expect(program).to_have_closed_only_its_own()
            expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(connected, refused),
    hint="socket() returns the lowest free number, and that may be 0. Only -1 means failure.",
    why="Daemons close 0, 1 and 2 as they start; the next socket there is 0, and a careless test takes it for a failure.",
    more="What does socket(2) say under Return value? Look at each comparison of the descriptor, the one that guards close(2) too. In Python 0 counts as false.",
)
def descriptor_0(program: Program, scene: Scene) -> None:
    """a socket that gets descriptor 0 is handed over like any other"""
    with scene.listener() as peer, scene.closed_port() as closed, program.without_descriptor(0):
        before = program.descriptors()
        with program.socket_of(program.call(peer.port)) as mine:
            expect(mine).to_be_connected_to(peer.accept())
        expect(program.call(closed)).to_fail_with(errno.ECONNREFUSED)
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    needs=(connected, refused),
    hint="A descriptor is an int; a busy program has hundreds.",
    why="A web server holds thousands of connections; there a descriptor that is kept in a char, or compared with a small limit, fails.",
    more="Which type keeps what socket(2) returned? And select(2) can only watch numbers below FD_SETSIZE; poll(2) takes any.",
)
def high_descriptor(program: Program, scene: Scene) -> None:
    """a socket with a high number is handed over like any other"""
    with scene.listener() as peer, scene.closed_port() as closed, program.every_descriptor_taken(below=260):
        with program.socket_of(program.call(peer.port)) as mine:
            expect(mine).to_be_connected_to(peer.accept())
        expect(program.call(closed)).to_fail_with(errno.ECONNREFUSED)


@check(
    points=2,
    needs=(connected, refused),
    hint=CLOSE_ON_FAILURE,
    why="Clients run for days; what goes wrong once in a hundred calls goes wrong there every hour.",
    more="Find out which kind of call leaks: count what is in /proc/self/fd (proc(5)) before and after one of each kind.",
)
def hundreds_of_calls(program: Program, scene: Scene) -> None:
    """hundreds of calls in a row, with 64 descriptors at most, all end as they should and leave nothing open"""
    with scene.listener() as peer, scene.closed_port() as closed:
        before = program.descriptors()
        with program.only_descriptors(64):
            for number in (closed, -1, 65536) * 100:
                expect(program.call(number)).to_fail()
            for _ in range(100):
                with program.socket_of(program.call(peer.port)) as mine:
                    expect(mine).to_be_connected_to(peer.accept())
        expect(program).to_have_descriptors(before)


@check(
    points=1,
    last=True,
    needs=(connected,),
    hint="Some way out of the function leaves something behind, perhaps only the first time.",
    why="What is left behind adds up in the program that calls you, until it must be restarted.",
    more="Look into /proc/PID/fd and /proc/PID/task (proc(5)) between two calls. Threads are waited for by pthread_join(3), children by wait(2); what is kept for the next call counts too.",
)
def nothing_left_at_the_end(program: Program, scene: Scene) -> None:
    """after all these calls no descriptor, thread or process is left"""
    with scene.listener() as peer:
        program.take_back(program.call(peer.port))
    expect(program).to_have_descriptors(program.at_start)
    expect(program).to_have_no_threads_left()
    expect(program).to_have_no_children()


# -- manners ---------------------------------------------------------------------------------------------------------


def asked(program: Program, scene: Scene) -> Iterator[int]:
    """Ports for each way that a call can go: open, refused, failing with an error, and open with no descriptor left. Each is so until
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


def call_and_close(program: Program, number: int) -> None:
    """One call, however it ends; what it hands back is closed, as a caller would."""
    answer = program.call(number)
    with contextlib.suppress(Mismatch):
        program.take_back(answer)


@check(
    points=1,
    hint="The address is 127.0.0.1 (INADDR_LOOPBACK), written down: no name, no 0.0.0.0, no second try elsewhere.",
    why="Connected by mistake, another machine gets what was meant for this one.",
    more='ip(7) has INADDR_LOOPBACK, and inet_pton(3) reads "127.0.0.1" without asking anybody. getaddrinfo(3) looks up names, and "localhost" is one, in Python too.',
)
def only_loopback(program: Program, scene: Scene) -> None:
    """only 127.0.0.1 is contacted, and no name is looked up"""
    scene.need_recorder()
    for port in asked(program, scene):
        program.start_check()
        call_and_close(program, port)
        expect(program).to_have_contacted_only(LOOPBACK, port)


@check(
    points=1,
    needs=(connected,),
    hint="A client needs no bind(); the kernel gives it a port of its own when it connects.",
    why="While you hold the port, the server that is just starting there fails with EADDRINUSE.",
    more="bind(2) to the server's port is what the server does; SO_REUSEADDR (socket(7)) does not make it harmless. connect(2) alone picks a port for your end.",
)
def binds_nothing(program: Program, scene: Scene) -> None:
    """the server's port is connected to, not taken"""
    scene.need_recorder()
    for port in asked(program, scene):
        call_and_close(program, port)
        expect(program).to_have_bound_nothing_to(port)


@check(
    points=1,
    needs=(connected,),
    hint="The connection is one system call away; no shell, no nc and no child process is needed.",
    why="A child inherits the socket and every other descriptor, costs time, and must be waited for.",
    more="Search for system(3), popen(3), fork(2), subprocess and multiprocessing: socket(2) and connect(2) do it in the process that you are in.",
)
def starts_no_process(program: Program, scene: Scene) -> None:
    """no other process is started"""
    for port in itertools.chain(asked(program, scene), (-1, 65536)):
        call_and_close(program, port)
        expect(program).to_have_started_no_process()


@check(
    points=1,
    needs=(connected,),
    hint="When the function returns, all that it started has ended.",
    why="A client that leaves one thread a connection is full of them within hours, and then can start no more.",
    more="Does a timer, watchdog or worker still run? pthread_join(3) waits for a thread; a detached one goes on. In Python an executor ends with shutdown().",
)
def leaves_no_thread(program: Program, scene: Scene) -> None:
    """no thread is left running"""
    for port in itertools.chain(asked(program, scene), (-1, 65536)):
        call_and_close(program, port)
        expect(program).to_have_no_threads_left()


@check(
    points=1,
    needs=(connected,),
    hint="An alarm that limits connect() goes on when connect() has returned. What calls it off?",
    why="The alarm goes off in the middle of the caller's conversation: read() is cut short, or SIGALRM ends the whole program.",
    more="alarm(0), setitimer(2) with zeros and timer_delete(2) call a timer off. On every way out? In Python socket.setdefaulttimeout() counts for each socket that is made later, by whomever.",
)
def leaves_no_alarm(program: Program, scene: Scene) -> None:
    """no alarm or timer is left that goes off later, and no time limit for the sockets of others"""
    before = program.surroundings()
    for port in itertools.chain(asked(program, scene), (-1, 65536)):
        call_and_close(program, port)
        expect(program).to_have_left_no_alarm()
        expect(program).to_have_left_the_time_limit(before)


@check(
    points=1,
    last=True,
    needs=(connected,),
    hint="socket(), connect(), close() and their like are enough; what reaches further is refused here.",
    why="Services are locked down like this wherever they run with care; there a program that reaches further just fails.",
    more="The top of this report names the call, and its line if that is known. socket(2), connect(2), poll(2), getsockopt(2), fcntl(2) and close(2) are all that the exercise needs.",
)
def tries_nothing_forbidden(program: Program, scene: Scene) -> None:
    """nothing is tried that reaches beyond sockets: other programs, other processes, the system itself"""
    expect(program).to_have_tried_nothing_forbidden()


@check(
    points=1,
    needs=(connected,),
    languages=("python",),
    hint="def tcp_client_connect(port): one parameter. With a host parameter it could reach other machines.",
    why="A caller who passes one thing too many by a slip would be connected to another machine.",
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
    why="A wrong access can go well for years, and then crash a client or change a number somewhere else in it.",
    more="Compile it with gcc -g -fsanitize=address,undefined and call it from a main of your own: the report names line and variable. connect(2) wants the size of the struct, not of a pointer.",
)
def memory(program: Program, scene: Scene) -> None:
    """every access to memory stays within what the code owns (AddressSanitizer, UBSan)"""
    expect(program).to_have_no_memory_errors()


# -- bonus -----------------------------------------------------------------------------------------------------------


@check(
    points=1,
    bonus=True,
    needs=(refused,),
    hint="Compare getsockname() with getpeername(): are you talking to yourself?",
    why="A client that waits for its server on a high port may one day meet itself, and read back all that it has sent.",
    more="Your own end's port comes from ip_local_port_range (ip(7)). If it happens to be the one you ask for, TCP connects the socket to itself; getsockname(2) tells.",
)
def connects_to_itself(program: Program, scene: Scene) -> None:
    """a socket that happens to connect to itself has found no server"""
    with scene.own_port() as port:
        expect(program.call(port)).to_fail()


@check(
    points=1,
    bonus=True,
    needs=(connected, refused),
    hint="After EINTR the handshake goes on (connect(2)): poll for writability, then ask SO_ERROR.",
    why="Programs with timers or children get signals all the time; a client that trips over EINTR fails now and then for no reason.",
    more="signal(7) names connect(2) among the calls that a signal ends early. Calling it again gives EALREADY or EISCONN; poll(2) and getsockopt(2) tell how it ended.",
)
def signal_during_connect(program: Program, scene: Scene) -> None:
    """a signal in the middle of connect() does not spoil the connection"""
    with scene.interrupting() as port, program.socket_of(program.call(port)) as mine:
        expect(mine).to_be_blocking()
