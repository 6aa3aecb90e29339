"""How echo-server is graded."""

import contextlib
import functools
import random
import signal
import time
from collections.abc import Iterator, Sequence

from socklab import servers
from socklab.vocabulary import Command, Footprint, Mismatch, Scene, Stream, check, expect

KIB, MIB = 1 << 10, 1 << 20

LONG_ENOUGH = 6.0
"""Seconds after which a server that takes its time need not exchange more with us than a judgement needs."""

EVERY_BYTE = bytes(range(256))
ORDERS_ELSEWHERE = (
    *(b"quit\n", b"exit\n", b"bye\n", b"q\n", b"end\n", b"stop\n", b"close\n", b"logout\n", b"shutdown\n"),
    *(b"quit", b"exit", b"bye", b"quit\r\n", b"exit\r\n", b"QUIT\r\n", b"EXIT\n", b"/quit\n", b":q\n"),
    *(b"\n", b"\r\n", b".\n", b".\r\n", b"\3", b"\4", b"\x1a"),
)
"""What ends a conversation with some other program."""


@functools.cache
def noise(size: int) -> bytes:
    """Bytes that follow no pattern, the same each time; after a prime number of them they begin again, which no buffer is long."""
    block = random.Random(size).randbytes(min(size, 1_000_003))
    return (block * (size // len(block) + 1))[:size]


def expect_echo(client: Stream, words: bytes) -> None:
    """What the client says comes back to it."""
    client.send(words)
    expect(client).to_receive(words)


def expect_service(port: int, scene: Scene) -> None:
    """A new client is served as if it were the first one."""
    with scene.client(port) as client:
        expect_echo(client, b"hello\n")


def expect_echo_in(program: Command, client: Stream, words: bytes) -> float:
    """What the client says comes back to it; how many seconds that took the program."""
    client.send(words)
    took = program.own_seconds(client)
    expect(client).to_receive(words)
    return took


def expect_service_in(program: Command, port: int, scene: Scene) -> float:
    """A new client is served; how many seconds that took the program."""
    with scene.client(port) as client:
        return expect_echo_in(program, client, b"hello\n")


def expect_same(got: bytes, wanted: bytes) -> None:
    """All came back as it was sent."""
    if len(got) > len(wanted):
        raise Mismatch(f"{len(wanted):,} bytes back", f"{len(got) - len(wanted):,} bytes too many")
    if len(got) < len(wanted):
        raise Mismatch(f"{len(wanted):,} bytes back", f"{len(got):,} bytes")
    if got != wanted:
        raise Mismatch("the same bytes back", "other bytes")


# -- one client ------------------------------------------------------------------------------------------------------


@check(
    points=3,
    hint="Listen on the port, accept, and send back what you receive.",
    why="Without this there is no server, and nothing below can be tried.",
    more="socket(2), bind(2), listen(2), accept(2), then recv(2) and send(2); the port in network byte order (htons(3)). In Python the socket module has the same calls.",
)
def echo(program: Command, scene: Scene) -> None:
    """what a client sends comes back"""
    with contextlib.ExitStack() as stack, program.serving() as port:
        client = stack.enter_context(scene.client(port))  # it stays until the server has ended
        expect_echo(client, b"hello\n")


@check(
    points=2,
    needs=(echo,),
    hint="When one client has gone, the next one comes. What does the program do after the end of a conversation?",
    why="A server that ends with its first visitor is none; one that ends when something else ends is a riddle at night.",
    more="accept(2) belongs into a loop that nothing ends but SIGTERM. After a child has ended accept(2) may fail with EINTR (signal(7)): call it again.",
)
def next_client(program: Command, scene: Scene) -> None:
    """when a client has gone, the next one is served"""
    with program.serving() as port:
        for _ in range(3):
            expect_service(port, scene)
            program.pause(0.03)
        expect(program).to_live()


@check(
    points=2,
    needs=(echo,),
    hint="One answer is not the end: the client may say something else, as often as it likes.",
    why="Connections are kept open since making new ones is slow; a server that answers once makes each client come anew.",
    more="After send(2) goes recv(2) again, until it says that there is no more. What does it return at the end, and what on an error?",
)
def again(program: Command, scene: Scene) -> None:
    """it goes on answering as long as the client goes on"""
    with program.serving() as port, scene.client(port) as client:
        for words in (b"one\n", b"two\n", b"three\n", b"four\n"):
            expect_echo(client, words)


@check(
    points=2,
    needs=(echo,),
    hint="Bytes come in no lines. Send back what is there now, and wait for nothing else.",
    why="Whoever waits for a newline or a full buffer leaves both sides waiting for each other, and nobody sees why.",
    more="recv(2) returns as soon as something is there, unless MSG_WAITALL is set. fgets(3) and readline() wait for the end of a line, fread(3) and the read() of a buffered file for all that was asked for; and what is written to a buffered file stays in it until it is flushed.",
)
def without_a_newline(program: Command, scene: Scene) -> None:
    """it waits for no newline, and for no certain number of bytes"""
    with program.serving() as port, scene.client(port) as client:
        expect_echo(client, b"no end of line")
        for words in (b"x", b"y" * 1500):
            try:
                expect_echo(client, words)
            except Mismatch as mismatch:
                if mismatch.got == "nothing":
                    got = "nothing, though other bytes without a newline came back before"
                    raise Mismatch(mismatch.expected, got) from mismatch
                raise


@check(
    points=2,
    needs=(echo,),
    hint="How many bytes are there to send? recv() has told you; nothing in the bytes themselves does.",
    why="Pictures, archives and encrypted connections are full of NUL bytes; a server that stops at one spoils them all.",
    more="strlen(3), printf(3) with %s and string functions stop at the first NUL, and so does whatever treats bytes as text. Use the number that recv(2) returned.",
)
def nul_bytes(program: Command, scene: Scene) -> None:
    """a NUL is a byte like any other"""
    with program.serving() as port, scene.client(port) as client:
        expect_echo(client, b"before\0after\n")
        expect_echo(client, b"\0\0\0\n")


@check(
    points=1,
    needs=(echo, nul_bytes),
    hint="There are 256 bytes, and they need not be text in any encoding.",
    why="The first client with a file instead of a greeting gets another file back, or ends the conversation.",
    more="Nothing may be decoded, converted or compared on the way. In Python recv() gives bytes and send() takes bytes; decode() has no place between them.",
)
def every_byte(program: Command, scene: Scene) -> None:
    """all 256 values of a byte come back as they are, and so does each end of a line"""
    with program.serving() as port, scene.client(port) as client:
        expect_echo(client, EVERY_BYTE)
        expect_echo(client, EVERY_BYTE[::-1] * 8)
        expect_echo(client, b"one\r\ntwo\rthree\n\r\n")


@check(
    points=1,
    needs=(echo, without_a_newline),
    hint="Where one piece ends and the next begins is chance. Send back what came, no byte more and no byte less.",
    why="TCP joins and divides as it likes; whoever adds or drops something for each piece works on one machine only.",
    more="tcp(7) gives a stream of bytes without bounds. Is there anything that you do once for each recv(2): a newline that is added, a terminator, a buffer that is sent whole?",
)
def byte_by_byte(program: Command, scene: Scene) -> None:
    """bytes that come one at a time come back like that, and nothing is added"""
    with program.serving() as port, scene.client(port) as client:
        for value in b"slow and steady":
            expect_echo(client, bytes([value]))
        for value in EVERY_BYTE:
            client.send(bytes([value]))
        expect(client).to_receive(EVERY_BYTE)
        client.finish()
        expect(client).to_see_the_end()


@check(
    points=1,
    needs=(again, without_a_newline),
    hint="The client ends its side when it has said all. Nothing that it says is an order to the server.",
    why="A book has the word quit in it too, and its reader gets half of the book back.",
    more="Do you compare what recv(2) gave you with anything? Ctrl-D never gets here: the terminal makes an end of file of it, which is 0 from recv(2).",
)
def no_word_ends_it(program: Command, scene: Scene) -> None:
    """no word ends the conversation, and neither does an empty line"""
    with program.serving() as port, scene.client(port) as client:
        for words in ORDERS_ELSEWHERE:
            expect_echo(client, words)


@check(
    points=1,
    hint="An echo answers. Nobody has called yet.",
    why="A program that compares what it sent with what it gets takes a greeting for a broken line.",
    more="Is there a send(2) or write(2) before the first recv(2), or after the last?",
)
def says_nothing_first(program: Command, scene: Scene) -> None:
    """it says nothing of its own"""
    with program.serving() as port, scene.client(port) as client:
        program.pause(0.05)
        client.finish()
        expect(client).to_see_the_end()


# -- the end of a conversation ---------------------------------------------------------------------------------------


@check(
    points=2,
    needs=(echo,),
    hint="recv() returned 0 bytes: the client has said all. Then it is your turn to close.",
    why="A client that waits for the end of the answer waits for ever, and the server keeps a dead connection.",
    more="recv(2): 0 is end of file, not 'nothing yet'. The connection ends when its last descriptor is closed: is there a copy in another process (fork(2)), or one made by dup(2)?",
)
def then_the_end(program: Command, scene: Scene) -> None:
    """when the client has ended its side, it closes the connection"""
    with program.serving() as port:
        for _ in range(2):
            with scene.client(port) as client:
                expect_echo(client, b"goodbye\n")
                client.finish()
                expect(client).to_see_the_end()


QUEUED = "End of file only means that nothing more will be said. What has been said already is still due."


@check(
    points=2,
    needs=(then_the_end,),
    hint=QUEUED,
    why="This is how every file is sent: write all, end, then wait for the answer. Its last part would be missing now and then.",
    more="After shutdown(2) by the client you can still send. What do you do when EPOLLRDHUP or POLLHUP comes together with POLLIN? And close(2) with SO_LINGER of 0 seconds throws away what is on its way (socket(7)).",
)
def half_close(program: Command, scene: Scene) -> None:
    """a client that sends and at once ends its side gets everything back, then the end"""
    with program.serving() as port:
        for size in (3, 100 * KIB):
            with scene.client(port) as client:
                with program.paused():
                    client.send(noise(size))
                    client.finish()
                program.pause(0.05)
                expect(client).to_receive(noise(size))
                expect(client).to_see_the_end()


@check(
    points=3,
    needs=(echo, again),
    hint="What if the client reads nothing for a while, and send() takes only a part, or nothing? And who reads meanwhile?",
    why="Small messages always go through; the first large file comes to a standstill, or arrives with holes.",
    more="send(2) may take fewer bytes than it was given, on a socket that does not block: keep the rest, wait until it can be written (POLLOUT), go on there. And begin to send before the client has ended.",
)
def eight_mebibytes(program: Command, scene: Scene) -> None:
    """8 MiB there and back, sent and read at the same time, come back whole"""
    data = noise(8 * MIB)
    with program.serving() as port, scene.client(port) as client:
        back = client.exchange(data, finish=False, sending=LONG_ENOUGH)
        expect_same(back, data[: client.sent])


@check(
    points=2,
    needs=(eight_mebibytes, then_the_end),
    hint=QUEUED,
    why="The end of a large file is missing, now and then, for clients on slow lines: nobody can reproduce it.",
    more="When recv(2) returns 0, is something still waiting in a buffer of yours? Stop reading then, go on sending, and close(2) when it is empty.",
)
def queued_at_the_end(program: Command, scene: Scene) -> None:
    """a client that sends much, ends its side and only then reads gets all of it, then the end"""
    with program.serving() as port, scene.client(port, receive_buffer=64 * KIB) as client:
        taken = program.fill(client, noise(8 * MIB))
        client.finish()
        program.settle()  # who reads on has seen the end now, before a byte of what it owes was taken from it
        expect_same(client.receive(taken), noise(8 * MIB)[:taken])
        expect(client).to_see_the_end()


# -- many clients ----------------------------------------------------------------------------------------------------

BOTH = "While you wait for one client, who looks after the others?"


@check(
    points=3,
    needs=(next_client,),
    hint=BOTH,
    why="One visitor who has fallen asleep at the keyboard would close the shop for everybody.",
    more="A recv(2) that waits must not keep accept(2) from being called: give each client a process (fork(2)) or a thread (pthread_create(3)) that nobody waits for, or ask poll(2) who has something to say.",
)
def second_client(program: Command, scene: Scene) -> None:
    """a second client is served while the first one is silent"""
    with program.serving() as port, scene.client(port) as first, scene.client(port) as second:
        expect_echo(second, b"I am the second\n")
        expect_echo(first, b"I am the first\n")
        expect_echo(second, b"and I am still here\n")


def a_crowd(scene: Scene, port: int, stack: contextlib.ExitStack, count: int) -> list[Stream]:
    """So many clients, coming one by one. Every fifth is silent, every seventh stops in the middle; the others are served at once."""
    crowd: list[Stream] = []
    for number in range(count):
        client = stack.enter_context(scene.client(port))
        crowd.append(client)
        if number % 7 == 3:
            client.send(b"half a li")
        elif number % 5:
            expect_echo(client, b"client %d\n" % number)
    return crowd


@check(
    points=3,
    needs=(second_client,),
    hint="How many clients can be there at once? Look for the number: of threads in a pool, of places in a table.",
    why="A server that has room for ten is full when ten people leave their windows open over the weekend.",
    more="A pool serves as many clients at once as it has threads or processes; the others wait, though nobody does anything. Tables must grow, or be larger than a hundred: what happens to the client for whom there is no place?",
)
def hundred_clients(program: Command, scene: Scene) -> None:
    """a hundred clients at once, silent and slow ones among them, are all served"""
    with program.serving() as port, contextlib.ExitStack() as stack:
        crowd = a_crowd(scene, port, stack, 100)
        for number, client in enumerate(crowd):
            client.send(b"ne, and %d\n" % number)
        for number, client in enumerate(crowd):
            begun = b"half a li" if number % 7 == 3 else b""
            expect(client).to_receive(begun + b"ne, and %d\n" % number)


@check(
    points=2,
    long=True,
    needs=(second_client,),
    hint="Who says nothing has not gone. Is there a time limit anywhere in the conversation?",
    why="People think before they type; a chat that hangs up on whoever pauses is soon used by nobody.",
    more="Look for SO_RCVTIMEO (socket(7)), for a poll(2) whose time runs out, and for alarm(2); in Python for settimeout() and wait_for(). What happens to the client when the time is over?",
)
def silent_client(program: Command, scene: Scene) -> None:
    """a client that says nothing for a while, or has said nothing yet, can go on"""
    with program.serving() as port, scene.client(port) as pausing, scene.client(port) as shy:
        expect_echo(pausing, b"wait a moment\n")
        scene.let_time_run_out(program, 2.0)
        expect_echo(pausing, b"here I am again\n")
        expect_echo(shy, b"and I speak at last\n")


@check(
    points=2,
    needs=(second_client,),
    hint="When does a thread read what it was given, and what has happened to that until then? And where do clients wait for accept()?",
    why="It works on the developer's machine, where clients come one by one, and fails on the first busy day.",
    more="pthread_create(3) hands on a pointer: to what? The next accept(2) writes there, perhaps before the thread has read it. In Python a lambda looks its variables up when it runs; args= is evaluated at once. listen(2): the backlog is how many may wait.",
)
def at_the_same_moment(program: Command, scene: Scene) -> None:
    """five clients that come at the very same moment are all served"""
    with program.serving() as port:
        for _ in range(4):
            with contextlib.ExitStack() as stack:
                with program.paused():
                    crowd = stack.enter_context(scene.clients(port, 5))
                    for number, client in enumerate(crowd):
                        client.send(b"client %d\n" % number)
                for number, client in enumerate(crowd):
                    expect(client).to_receive(b"client %d\n" % number)


@check(
    points=3,
    needs=(second_client, eight_mebibytes),
    hint="send() waits too, when the client does not read. Who waits with it?",
    why="A single phone that has lost its network in the middle of a download would stop the service for everybody.",
    more="In an event loop no call may wait: O_NONBLOCK (fcntl(2)), and after EAGAIN the rest waits for POLLOUT while the loop goes on. In threads: is a lock held while one of them waits in send(2)?",
)
def client_that_does_not_read(program: Command, scene: Scene) -> None:
    """a client that sends a lot and does not read makes nobody wait, and gets all of it when it does read"""
    data = noise(16 * MIB)
    with program.serving() as port, scene.client(port) as deaf, scene.client(port) as other:
        expect_echo(other, b"before\n")
        taken = program.fill(deaf, data)
        expect_echo(other, b"meanwhile\n")
        expect_service(port, scene)
        got = deaf.receive(taken)
        expect_same(got, data[:taken])


@check(
    points=2,
    needs=(client_that_does_not_read,),
    hint="Which variables does one client's work share with another's? Those can change at any moment.",
    why="Somebody reads what was meant for somebody else: in a shop that is the other customer's address.",
    more="static and global variables exist once for all threads: a buffer belongs on the stack of the thread or into the client's own record.",
)
def own_bytes(program: Command, scene: Scene) -> None:
    """each client gets back its own bytes, whatever others send meanwhile"""
    data, others = noise(16 * MIB), b"B" * (512 * KIB)
    with program.serving() as port, scene.client(port) as other, scene.client(port) as slow:
        taken = program.fill(slow, data)  # and now the server waits in the middle of an answer
        expect_same(other.exchange(others, finish=False), others)
        other.finish()
        expect(other).to_see_the_end()  # whoever came first has left: in a table others may move up
        expect_same(slow.receive(taken), data[:taken])


@check(
    points=2,
    long=True,
    needs=(client_that_does_not_read, queued_at_the_end),
    hint="How long may a client not read? Is there a time limit on sending anywhere, and who waits in close()?",
    why="A train goes through a tunnel; after it the download goes on, or has been cut off for no reason that anybody can see.",
    more="SO_SNDTIMEO and SO_LINGER are in socket(7): with the second, close(2) waits for what is on its way. In Python settimeout() counts for send() too. A client that reads slowly, or not now, has broken nothing.",
)
def deaf_for_a_while(program: Command, scene: Scene) -> None:
    """clients that do not read for a while, one of which has ended its side, lose nothing and make nobody wait"""
    data = noise(16 * MIB)
    with contextlib.ExitStack() as stack, program.serving() as port:
        deaf = stack.enter_context(scene.client(port, receive_buffer=64 * KIB))
        ended = stack.enter_context(scene.client(port, receive_buffer=64 * KIB))
        taken = program.fill(deaf, data)
        ended.send(noise(256 * KIB))
        ended.finish()
        begun = time.monotonic()
        seconds = expect_service_in(program, port, scene)
        scene.let_time_run_out(program, 2.6 - (time.monotonic() - begun))
        seconds += expect_service_in(program, port, scene)
        expect_same(deaf.receive(taken), data[:taken])
        expect_same(ended.receive(256 * KIB), noise(256 * KIB))
        expect(ended).to_see_the_end()
        if seconds > 5:
            raise Mismatch("an answer at once", f"two conversations with others took {seconds:.0f} seconds")


# -- rest ------------------------------------------------------------------------------------------------------------

REST = "Where does the program wait while nobody says anything? If it waits nowhere, it turns in circles."


@check(
    points=2,
    needs=(second_client,),
    hint=REST,
    why="A busy loop takes a processor away from all other programs, empties the battery, and looks like hard work.",
    more="poll(2), select(2) and epoll_wait(2) can wait without a limit. What do they wait for? A socket is nearly always writable: ask for POLLOUT only while something waits to be sent. And recv(2) of 0 bytes comes again and again.",
)
def rests(program: Command, scene: Scene) -> None:
    """while its clients are silent, or have gone, it uses next to no CPU time"""
    with program.serving() as port:
        with scene.client(port) as gone:
            expect_echo(gone, b"bye\n")
            gone.finish()
        with scene.clients(port, 4) as crowd:
            for client in crowd:
                expect_echo(client, b"here\n")
            servers.expect_rest(program)
            if scene.let_time_run_out(program, 0.1, most=10.0):  # two other checks have more patience
                servers.expect_rest(program)


@check(
    points=1,
    needs=(rests, queued_at_the_end),
    hint="The client has ended, and you still have something for it. Which events do you wait for now?",
    why="One client that has said all and reads slowly takes a whole processor.",
    more="At end of file a socket stays readable for ever. Take POLLIN out of what you wait for, and keep POLLOUT.",
)
def rests_after_the_end(program: Command, scene: Scene) -> None:
    """a client that has ended its side and does not read costs no CPU time"""
    with program.serving() as port, scene.client(port, receive_buffer=64 * KIB) as client:
        program.fill(client, noise(8 * MIB))
        client.finish()
        program.let_it_read(client)
        servers.expect_rest(program)


@check(
    points=1,
    needs=(rests, client_that_does_not_read),
    hint="Nothing is left to be sent, and there is room for more. Which events do you still wait for?",
    why="The first client with a slow line makes the server busy with nothing, until that client leaves.",
    more="A socket is writable as long as there is room, which is nearly always: take POLLOUT out of what you wait for as soon as everything is sent (epoll_ctl(2) with EPOLL_CTL_MOD, or the field events for poll(2)).",
)
def rests_when_all_is_sent(program: Command, scene: Scene) -> None:
    """a client that read late, and then all that there was, costs no CPU time"""
    with program.serving() as port, scene.client(port, receive_buffer=64 * KIB) as client:
        client.receive(program.fill(client, noise(8 * MIB)))
        servers.expect_rest(program)


# -- what is left behind ---------------------------------------------------------------------------------------------


def a_first_crowd(program: Command, scene: Scene, port: int) -> Footprint:
    """A crowd that has come and gone; what there is of the program then, but for zombies."""
    with contextlib.ExitStack() as stack:
        a_crowd(scene, port, stack, servers.CROWD)
    program.settle()
    return program.footprint(zombies=False)


def a_few_more(port: int, scene: Scene) -> None:
    """Three clients, one after another: a child may be waited for when the next client comes."""
    for _ in range(3):
        expect_service(port, scene)


# -- clients that break off ------------------------------------------------------------------------------------------

GONE = "That a client is gone is an everyday event: give up this one, go on with the others."


@check(
    points=2,
    needs=(second_client,),
    hint=GONE,
    why="Phones lose their network and people close windows all day; each of them would end the server for all others.",
    more="recv(2) and send(2) fail with ECONNRESET: close(2) this connection, and nothing else ends. In Python it is ConnectionResetError: who catches it, and is it a thread that ends, or the program?",
)
def client_resets(program: Command, scene: Scene) -> None:
    """clients that reset the connection, in the middle of something too, disturb nobody"""
    with program.serving() as port, scene.client(port) as stays:
        expect_echo(stays, b"I stay\n")
        for _ in range(3):
            with scene.client(port) as client:
                expect_echo(client, b"until here\n")
                client.reset()
            with scene.client(port) as client:
                program.fill(client, noise(256 * KIB))
                client.reset()
            with program.paused(), scene.client(port) as client:
                client.send(b"and gone")
                client.reset()
            expect_service(port, scene)
        expect_echo(stays, b"I am still here\n")
        expect(program).to_live()


def three_are_gone(program: Command, port: int, scene: Scene) -> None:
    """Three clients have said something, and are gone before it is read: it can be read, and the answer cannot be sent."""
    with program.paused():
        for _ in range(3):
            with scene.client(port) as client:
                client.send(b"hello?\n")
                client.finish()
                client.reset()


@check(
    points=2,
    needs=(second_client,),
    hint="Writing to a connection that nobody reads any more raises a signal. What does SIGPIPE do to a program that has not said anything about it?",
    why="It is the classic way to lose a server: no message, no core file, it is just gone.",
    more="signal(7) lists SIGPIPE with the action Term. It can be ignored for the whole program (sigaction(2), SIG_IGN) or for one call (send(2), MSG_NOSIGNAL). Python ignores it, unless it is told otherwise, and raises BrokenPipeError.",
)
def sigpipe(program: Command, scene: Scene) -> None:
    """clients that are gone before the answer (SIGPIPE, EPIPE) disturb nobody"""
    with program.serving() as port, scene.client(port) as stays:
        expect_echo(stays, b"I stay\n")
        for _ in range(3):
            three_are_gone(program, port, scene)
            expect_service(port, scene)
        expect_echo(stays, b"I am still here\n")
        expect(program).to_live()


@check(
    points=2,
    needs=(client_resets, hundred_clients),
    hint="Walk each way out of a conversation with your finger: is the connection closed on it?",
    why="Errors come in storms; a server that loses a descriptor at each breaks down just when it is busiest.",
    more="Follow the way on which recv(2) or send(2) fails. In Python: is close() in a finally, or is there a with? Whoever keeps the exception keeps the socket.",
)
def nothing_left_of_resets(program: Command, scene: Scene) -> None:
    """nothing is left of clients that reset the connection, before they are answered too"""
    with program.serving() as port:
        before = a_first_crowd(program, scene, port)
        for _ in range(2):
            with contextlib.ExitStack() as stack:
                for client in a_crowd(scene, port, stack, servers.CROWD):
                    client.reset()
            expect_service(port, scene)
        for _ in range(servers.CROWD // 3):
            three_are_gone(program, port, scene)
            expect_service(port, scene)
        program.settle()
        a_few_more(port, scene)
        expect(program).to_come_back_to(before, spare=servers.SPARE)


# -- a thousand clients ----------------------------------------------------------------------------------------------
THOUSAND = 1050
"""Clients, one after another: so many that a table of 1024 places, none of which is used again, has come to its end."""

VISITING_SECONDS, AT_ONCE = 6, 0.05


def visits(program: Command, port: int, scene: Scene, count: int) -> None:
    """Short conversations, one after another, or as many of them as go into some seconds, but never too few to judge by.

    If most of many are slow they are judged by what they take the program itself.
    """
    begun = time.monotonic()
    took: list[float] = []
    while len(took) < count and (len(took) < servers.VISITS or time.monotonic() < begun + VISITING_SECONDS):
        came = time.monotonic()
        with scene.client(port) as client:
            expect_echo(client, b"%d\n" % len(took))
        took.append(time.monotonic() - came)
    if len(took) < servers.VISITS or sorted(took)[len(took) // 4] < AT_ONCE:
        return
    own = servers.own_seconds(program, lambda: expect_service_in(program, port, scene))
    if own > AT_ONCE / 2:  # whoever sleeps lets a client wait for half of that time, on average
        raise Mismatch("an answer at once", f"a short conversation takes {own * 1000:.0f} ms")


def expect_to_give_back(program: Command, before: int, spare: int) -> None:
    """It uses as many bytes of memory as before, and `spare` more at most, soon at least."""
    begun = time.monotonic()
    while (more := program.memory() - before) > spare:
        if time.monotonic() > begun + 2:
            number = more // MIB
            raise Mismatch("memory that comes back", f"{number} MiB more than before")
        program.pause(0.05)


@check(
    points=3,
    needs=(hundred_clients, then_the_end, rests),
    hint="Start it, let some clients come and go, and look into /proc/PID/fd, /proc/PID/task and at ps: what has become more?",
    why="A server that keeps a little of each client runs for a day, or a week, and then lets nobody in.",
    more="Descriptors: each connection is closed once in every process that has it, in the parent too after fork(2). Zombies: waitpid(2) with WNOHANG until there is none left, since several children may share one SIGCHLD; or SA_NOCLDWAIT (sigaction(2)). Threads: they must come to their end.",
)
def thousand_clients(program: Command, scene: Scene) -> None:
    """after a thousand short conversations there are no more descriptors, processes, zombies or threads than before, and no more memory"""
    with program.serving() as port:
        before, memory = a_first_crowd(program, scene, port), program.memory()
        visits(program, port, scene, THOUSAND if program.observed else 100)
        expect(program).to_come_back_to(before, spare=servers.SPARE)
        expect_to_give_back(program, memory, 10 * MIB)
        expect_service(port, scene)


SLOW = 0.5
"""Seconds for a mebibyte from which a server is asked for less: one that takes each byte on its own takes that long."""


def expect_echo_of(port: int, scene: Scene, data: bytes) -> None:
    """A client that sends `data` and then ends gets the same back."""
    with scene.client(port) as client:
        expect_same(client.exchange(data), data)


@check(
    points=1,
    needs=(client_that_does_not_read, queued_at_the_end, hundred_clients),
    hint="Where do bytes stay that have been sent back? And what stays of a client that has gone?",
    why="A server whose memory grows with what passes through it is ended by the kernel one night, in the middle of everything.",
    more="What has been sent is needed no more: reuse the buffer, or free(3) it. In Python a list or dict that lives as long as the program keeps whatever is put into it.",
)
def forgets_what_was_said(program: Command, scene: Scene) -> None:
    """when clients have gone with whom it exchanged many megabytes, it has no more memory than before"""
    with program.serving() as port:
        a_first_crowd(program, scene, port)
        begun, data = time.monotonic(), noise(MIB)
        expect_echo_of(port, scene, data)
        if time.monotonic() - begun < SLOW:
            data = noise(8 * MIB)
        memory = 0
        for number in range(10 if program.observed else 1):
            expect_echo_of(port, scene, data)
            if number == 1:
                memory = program.memory()
            if number > 4 and time.monotonic() > begun + LONG_ENOUGH:
                break
        expect_to_give_back(program, memory, 2 * len(data))


@check(
    points=2,
    needs=(hundred_clients, then_the_end),
    hint="Signals are not counted: several children that end at the same moment may send one SIGCHLD.",
    why="On a quiet day nothing is left; after a busy hour the table of processes is full of zombies, and fork() fails.",
    more="In the handler for SIGCHLD call waitpid(2) with WNOHANG again and again, until it finds none that has ended. Or let the kernel do it: SA_NOCLDWAIT in sigaction(2). Whoever makes threads has nothing to do here.",
)
def they_leave_together(program: Command, scene: Scene) -> None:
    """nothing is left of twenty clients that leave at the same moment"""
    with program.serving() as port:
        before = a_first_crowd(program, scene, port)
        with contextlib.ExitStack() as stack:
            a_crowd(scene, port, stack, servers.CROWD)
            program.signal(signal.SIGSTOP)  # the first process alone: children that it may have end meanwhile
            program.pause(0.02)
        program.pause(0.1)
        program.signal(signal.SIGCONT)
        program.settle()
        a_few_more(port, scene)
        expect(program).to_come_back_to(before, spare=servers.SPARE)


@check(
    points=1,
    needs=(hundred_clients, then_the_end),
    languages=("c",),
    hint="A thread that has ended is not forgotten by itself: somebody may still ask how it ended.",
    why="The stack of each thread stays reserved, 8 MiB for each client that ever came, until no thread can be made.",
    more="pthread_create(3): a thread must be joined (pthread_join(3)) or detached (pthread_detach(3)), else its memory is never given back.",
)
def memory_comes_back(program: Command, scene: Scene) -> None:
    """after two hundred short conversations it has no more memory reserved than before"""
    with program.serving() as port:
        visits(program, port, scene, 40)
        program.settle()
        before = program.mappings()
        visits(program, port, scene, 200)
        more = program.mappings() - before
        if more > 200:
            raise Mismatch("memory that comes back", f"{more} more pieces of memory than before")


# -- no descriptor left ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def full_house(program: Command, scene: Scene) -> Iterator[tuple[int, Sequence[Stream]]]:
    """A server that may have 32 descriptors, and 60 clients. Whoever makes processes has room for them all."""
    with program.serving(descriptors=32) as port, contextlib.ExitStack() as stack:
        first = [stack.enter_context(scene.client(port)) for _ in range(5)]
        for client in first:
            expect_echo(client, b"I was here first\n")
        stack.enter_context(scene.clients(port, 55, waiting=True))
        program.pause(0.2)
        yield port, first


CALM = "accept() fails with EMFILE, and the client still waits in the queue. What happens next in your loop?"


@check(
    points=2,
    needs=(second_client, then_the_end),
    hint=CALM,
    why="The busiest hour of the year is the hour in which descriptors run out; a server that ends then ends for everybody.",
    more="accept(2) lists errors that say nothing about the listener: EMFILE, ENFILE, ECONNABORTED, EINTR. None of them is a reason to end; getrlimit(2) has RLIMIT_NOFILE. In Python accept() raises OSError.",
)
def no_descriptor_left(program: Command, scene: Scene) -> None:
    """with 60 clients and descriptors for half of them (EMFILE) it goes on serving those it has"""
    with full_house(program, scene) as (_, first):
        expect(program).to_live()
        seconds = sum(expect_echo_in(program, first[number % 5], b"and I am still here\n") for number in range(15))
        if seconds > 6:
            raise Mismatch("an answer at once", f"15 answers to those inside took {seconds:.0f} seconds")


@check(
    points=2,
    needs=(no_descriptor_left, rests),
    hint=CALM,
    why="The loop takes the whole processor just when all others need it, and writes the disk full with error messages.",
    more="A level-triggered poll(2) reports the listener again and again as long as somebody waits. Leave it out until a client has left, wait a little before the next try, or keep a descriptor in reserve to let the client in and show it out.",
)
def rests_without_descriptors(program: Command, scene: Scene) -> None:
    """while no descriptor is left it does not turn in circles"""
    with full_house(program, scene):
        servers.expect_rest(program, 0.6)


@check(
    points=1,
    long=True,
    needs=(no_descriptor_left, they_leave_together),
    hint="accept() has given you a client, and what you need next cannot be had: a pipe, a process, a thread. Who closes what you have already?",
    why="Each rush takes a few descriptors for ever; after some of them none is left, and nobody is let in any more.",
    more="After EMFILE from pipe(2), dup(2) or open(2) close(2) the client too, and whatever was opened for it before. In Python Process.start() of multiprocessing makes two pipes, and may leave the first one open if there is no room for the second: see that there is room for all, or make fewer processes.",
)
def refused_leave_nothing(program: Command, scene: Scene) -> None:
    """clients that it had no descriptors for leave none behind"""
    with program.serving(descriptors=32) as port:
        a_rush(program, scene, port)
        before = program.footprint()
        for _ in range(6):
            a_rush(program, scene, port)
        expect(program).to_come_back_to(before, spare=servers.SPARE)


def a_rush(program: Command, scene: Scene, port: int) -> None:
    """60 clients at once that stay until it has let in whom it can, and then all leave."""
    with scene.clients(port, 60, waiting=True):
        program.settle()
    program.settle()


@check(
    points=2,
    long=True,
    needs=(refused_leave_nothing,),
    hint="Descriptors come free when clients leave. Who looks at the listener again then?",
    why="After the rush everything should be as before; a server that has stopped accepting must be restarted by hand.",
    more="If you took the listener out of the set, put it in again when a connection is closed. With an edge-triggered epoll(7) no new event comes for those who already wait: call accept(2) again by yourself.",
)
def recovers(program: Command, scene: Scene) -> None:
    """when clients have left it lets new ones in again"""
    with program.serving(descriptors=32) as port:
        with contextlib.ExitStack() as stack:
            for client in [stack.enter_context(scene.client(port)) for _ in range(3)]:
                expect_echo(client, b"I leave soon\n")
            stack.enter_context(scene.clients(port, 57, waiting=True))
            program.pause(0.2)
        program.settle()  # who comes while they leave may be shown out like them
        with scene.client(port, within=15.0) as client:
            client.send(b"is there room now?\n")
            expect(client).to_receive(b"is there room now?\n", within=8.0)  # accept() may be tried again a little later


# -- start and end ---------------------------------------------------------------------------------------------------


only_loopback = servers.only_loopback.after(echo)


@check(
    points=2,
    needs=(echo,),
    hint="The side that closes first keeps the port in TIME_WAIT for a minute. Which socket option lets you bind it all the same?",
    why="After an update the server is to start again at once; a minute of 'Address already in use' is a minute without it.",
    more="socket(7) has SO_REUSEADDR. It must be set before bind(2). In Python create_server() sets it, socketserver does not unless told so (allow_reuse_address).",
)
def restart(program: Command, scene: Scene) -> None:
    """stopped while clients are connected, it starts again at once on the same port"""
    with contextlib.ExitStack() as stack:
        with program.serving() as port:
            for _ in range(3):
                expect_echo(stack.enter_context(scene.client(port)), b"hello\n")
        with program.serving(port=port):
            expect_service(port, scene)


port_taken = servers.port_taken.after(echo)


@check(
    points=1,
    needs=(port_taken,),
    hint="Two programs on one port must not happen by accident. Which option have you set?",
    why="With two servers on one port clients end up at the old one or the new one by chance, and nobody understands the answers.",
    more="socket(7) tells SO_REUSEADDR from SO_REUSEPORT: the second lets several listeners share a port, if all of them say so.",
)
def second_instance(program: Command, scene: Scene) -> None:
    """a second one on the same port does not start"""
    with program.serving() as port:
        expect(program.run(str(port))).to_exit_with_an_error()
        expect_service(port, scene)


no_argument, two_arguments, no_number = servers.no_argument, servers.two_arguments, servers.no_number


@check(
    points=2,
    needs=(no_argument,),
    hint="Ports are 1 to 65535. Compare before the number goes into 16 bits, or into 32.",
    why="A port that is cut to size is another port: the server listens where nobody looks for it.",
    more="htons(3) keeps 16 bits, an int 32: what type has the variable that you compare? For 0, bind(2) picks any port. strtol(3) tells by errno what does not fit. In Python bind() raises OverflowError.",
)
def no_port(program: Command, scene: Scene) -> None:
    """numbers that are no ports are refused: 0, -1, 65536 and larger ones"""
    port = scene.port()
    for number in (0, -1, 65536, 65536 + port, 2**32 + port, 2**64 + port):
        servers.refuses(program, str(number))


ends_of_the_range = servers.ends_of_the_range.after(echo)
sigterm = servers.sigterm.after(echo)


@check(
    points=2,
    needs=(sigterm, second_client),
    hint="There is always somebody connected. For whom does the program still wait when it is told to end?",
    why="If the server waits for its clients it never ends, and the machine cannot be shut down.",
    more="Threads that are joined at the end, and children that are waited for, sit in recv(2) or send(2) until their client does something. In Python the interpreter waits for threads that are no daemons, executors for their tasks, and socketserver for both unless told so.",
)
def sigterm_with_clients(program: Command, scene: Scene) -> None:
    """SIGTERM ends it within a second while clients are connected, one of which does not read"""
    with program.serving() as port, scene.client(port) as silent, scene.client(port) as deaf:
        expect_echo(silent, b"I stay\n")
        expect_echo(deaf, b"so do I\n")
        program.fill(deaf, noise(16 * MIB))
        expect(program).to_end_by(signal.SIGTERM, within=1.0)


# Only a bonus: children that go on with their clients until these leave are what some want of a server.
port_is_left = servers.port_is_left.after(sigterm_with_clients)._replace(bonus=True)


@check(
    points=2,
    needs=(second_client,),
    hint="Only SIGTERM is to end it. A call that fails with EINTR was interrupted: call it again.",
    why="A window that is resized, a job that is suspended or a child that ends must not cost the service.",
    more="signal(7) tells which calls a handler interrupts, and SA_RESTART (sigaction(2)) which go on by themselves. A handler for SIGCHLD must not wait for children that are still busy: waitpid(2) with WNOHANG. In Python such calls go on by themselves.",
)
def harmless_signals(program: Command, scene: Scene) -> None:
    """signals that programs usually ignore, and being stopped and continued, disturb nobody"""
    with program.serving() as port, scene.client(port) as stays:
        expect_echo(stays, b"I stay\n")
        for number in (signal.SIGCHLD, signal.SIGWINCH, signal.SIGURG):
            program.signal(number)
            program.pause(0.02)
            expect_service(port, scene)
        with program.paused():
            pass
        expect_service(port, scene)
        expect_echo(stays, b"I am still here\n")
        expect(program).to_live()


@check(
    points=1,
    needs=(harmless_signals, client_that_does_not_read, queued_at_the_end),
    hint="send() returned a number. Is it the one that you gave it?",
    why="Whoever presses Ctrl-Z during a download finds a hole in the file afterwards, and no error anywhere.",
    more="A send(2) that waits ends when the program is stopped and continued (signal(7)), and returns how many bytes it took. Call it again for the others.",
)
def stopped_while_sending(program: Command, scene: Scene) -> None:
    """being stopped and continued while it waits for a client that does not read loses nothing"""
    data = noise(8 * MIB)
    with program.serving() as port, scene.client(port, receive_buffer=64 * KIB) as deaf:
        taken = program.fill(deaf, data)
        with program.paused():
            pass
        expect_same(deaf.receive(taken), data[:taken])


# -- manners ---------------------------------------------------------------------------------------------------------


@check(
    points=1,
    needs=(second_client,),
    hint="One close() for each accept(), on every path. fclose() closes the descriptor below as well.",
    why="Between two closes of one number another client may have got it: a stranger is cut off in the middle of a word.",
    more="close(2), Notes, tells how numbers are used again where there are threads. Is there one close in the function that talks with the client, and another one in the function that called it?",
)
def closes_only_its_own(program: Command, scene: Scene) -> None:
    """nothing is closed twice"""
    scene.need_recorder()
    with program.serving() as port:
        visits(program, port, scene, 3)
        expect_service(port, scene)
        with scene.client(port) as client:
            expect_echo(client, b"hello\n")
            client.reset()
        expect_service(port, scene)
        expect(program).to_have_closed_only_its_own()


@check(
    points=1,
    last=True,
    hint="Sockets, and processes or threads of its own, are all that the server needs.",
    why="Services are locked down like this wherever they run with care; there a program that reaches further just fails.",
    more="The top of this report names the call, and its line if that is known. Neither cat(1) nor nc(1) is needed to send bytes back: recv(2) and send(2) do that.",
)
def tries_nothing_forbidden(program: Command, scene: Scene) -> None:
    """nothing is tried that reaches beyond sockets: other programs, the system itself"""
    expect(program).to_have_tried_nothing_forbidden()


# -- memory ----------------------------------------------------------------------------------------------------------


@check(
    points=3,
    languages=("c",),
    sanitized=True,
    hint="Look at sizes: of buffers, of tables of clients. Is anything used after free(), or when its client has gone?",
    why="A byte too many can go well for years, and then crash the server, or hand one client's secrets to another.",
    more="Compile it with gcc -g -fsanitize=address,undefined and let a hundred clients come: the report names line and variable. A terminator needs a place of its own behind what recv(2) filled.",
)
def memory(program: Command, scene: Scene) -> None:
    """every access to memory stays within what the code owns (AddressSanitizer, UBSan)"""
    expect(program).to_have_no_memory_errors()


# -- bonus -----------------------------------------------------------------------------------------------------------


@check(
    points=1,
    bonus=True,
    needs=(client_that_does_not_read,),
    hint="A client that sends without reading fills your memory. When do you stop reading from it?",
    why="One client with a fast line and bad manners uses up the memory of all others.",
    more="Read no more from a client while much of what it sent waits to be sent back: the kernel then slows it down. asyncio has drain() and pause_reading() for it.",
)
def back_pressure(program: Command, scene: Scene) -> None:
    """what a client sends without reading is taken up to a limit"""
    data = bytes(48 * MIB)
    with program.serving() as port, scene.client(port) as deaf:
        taken = program.fill(deaf, data, processor=15)
        if taken == len(data):
            raise Mismatch("a server that stops reading", f"it took {taken:,} bytes and sent none of them")
