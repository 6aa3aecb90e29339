"""The picture of a check's calls: what went over the wire, what stays open, and what is left out. In text and as SVG."""

import xml.etree.ElementTree

import pytest
import sample

from socklab.model import RecordedCall
from socklab.reports import _storyboard as storyboard


def told(*calls: RecordedCall, left_out: int = 0, got: str = "-1") -> storyboard.Story:
    """The story of some calls; `got`: what the check got."""
    story = storyboard.story(sample.LEAKS._replace(calls=calls, calls_left_out=left_out, got=got))
    assert story is not None
    return story


def call(text: str, fd: int = 3, result: int = 0, error: str = "", peer: str = "", **more: object) -> RecordedCall:
    """A recorded call, its name taken from its text."""
    parts = {"line": 7, "arranged": False, "at": 0.0, "seconds": 1e-5, **more}
    return RecordedCall(
        text, name=text.partition("(")[0], descriptor=fd, result=result, error=error, peer=peer, **parts
    )  # type: ignore[arg-type]


SOCKET = call("socket(AF_INET, SOCK_STREAM, 0) = 3", result=3)
CONNECT = "connect(3, 127.0.0.1:80)"
CLOSE = call("close(3) = 0")


def connected(result: int, error: str = "", **more: object) -> RecordedCall:
    """A connect()."""
    outcome = f"= -1 {error}" if error else "= 0"
    return call(f"{CONNECT} {outcome}", 3, result, error, "127.0.0.1:80", **more)


@pytest.mark.parametrize(
    ("connect", "words"),
    [
        (connected(0), ["SYN", "SYN+ACK", "ACK"]),
        (connected(-1, "ECONNREFUSED"), ["SYN", "RST"]),
        (connected(-1, "EINPROGRESS"), ["SYN", "under way"]),
        (connected(-1, "EACCES"), ["no packet leaves"]),
        (connected(-1, "ETIMEDOUT", arranged=True), ["made by the recorder"]),
        (connected(-1, seconds=None), ["SYN", "no answer"]),
    ],
)
def test_a_connect_says_what_went_over_the_wire(connect: RecordedCall, words: list[str]) -> None:
    """It follows from the call and its result."""
    assert [wire.words for wire in told(SOCKET, connect).steps[1].wire] == words


def test_a_datagram_socket_sends_nothing_when_it_connects() -> None:
    """connect() on a UDP socket only notes an address."""
    udp = call("socket(AF_INET, SOCK_DGRAM, 0) = 3", result=3)
    assert [wire.words for wire in told(udp, connected(0)).steps[1].wire] == ["UDP: nothing is sent"]


def test_a_close_ends_a_connection_and_a_descriptor() -> None:
    """FIN if it was connected; one whose close() is not recorded has no end."""
    story = told(SOCKET, connected(0), CLOSE, SOCKET)
    assert [wire.words for wire in story.steps[2].wire] == ["FIN"]
    lives = storyboard.Descriptor(3, 0, 2, seen_open=False), storyboard.Descriptor(3, 3, None, seen_open=False)
    assert story.descriptors == lives
    assert told(SOCKET, connected(-1, "ECONNREFUSED"), CLOSE).steps[2].wire == ()


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("descriptor 3 (a socket) still open", ["descriptor 3 is still open"]),
        ("descriptor 5 (a socket), descriptor 3 (a socket) and 2 more still open", ["descriptor 3 is still open"]),
        ("descriptor 33 (a socket) still open", ["no close(3) was recorded"]),
        ("3, and no descriptor of that number is open", ["no close(3) was recorded"]),
    ],
)
def test_that_a_descriptor_is_open_is_only_said_where_the_check_has_seen_it(got: str, words: list[str]) -> None:
    """fclose() closes too, and is not recorded."""
    story = told(SOCKET, connected(0), got=got)
    assert [row.partition("┃ ")[2] for row in storyboard.as_text(story) if "┃" in row] == words
    assert words[0] in storyboard.as_svg(story, "a")


def test_a_socket_that_never_came_back_has_no_descriptor() -> None:
    """The call was under way when it was ended."""
    assert told(call("socket(AF_INET, SOCK_STREAM, 0) … never came back", seconds=None)).descriptors == ()


@pytest.mark.parametrize(("seconds", "word"), [("0 s", "RST"), ("5 s", "FIN"), ("off", "FIN")])
def test_a_close_that_is_told_not_to_wait_tears_the_connection_down(seconds: str, word: str) -> None:
    """SO_LINGER of 0 seconds (socket(7)), for this descriptor and as long as it is open."""
    linger = call(f"setsockopt(3, SOL_SOCKET, SO_LINGER, {seconds}) = 0")
    story = told(SOCKET, connected(0), linger, CLOSE, SOCKET, connected(0), CLOSE)
    assert [wire.words for wire in story.steps[3].wire] == [word]
    assert [wire.words for wire in story.steps[6].wire] == ["FIN"]


def test_what_is_done_over_and_over_is_told_once() -> None:
    """A loop is one turn and how often it went round."""
    turn = (SOCKET, connected(-1, "ECONNREFUSED"), CLOSE)
    story = told(CLOSE, *turn * 5)
    assert len(story.steps) == 4
    assert story.repeated == "… these 3 calls, 5 times over"
    assert told(*turn * 2).repeated == ""


def test_earlier_calls_are_left_out_and_counted() -> None:
    """The last ones led to the outcome."""
    many = [call(f"close({n}) = 0", n) for n in range(40)]
    story = told(*many, left_out=100)
    assert len(story.steps) == storyboard.MOST_STEPS
    assert story.left_out == 100 + 40 - storyboard.MOST_STEPS
    assert storyboard.as_text(story)[1].startswith(f"… {story.left_out} earlier calls")


def test_a_long_wait_is_said_where_the_rest_is_an_instant() -> None:
    """Rows are alike whatever they took; those that took long say so."""
    story = told(
        SOCKET, call("poll(fd 3: POLLOUT, 2000 ms) = 0", seconds=2.0), call("recv(3) … never came back", seconds=None)
    )
    assert [step.waits for step in story.steps] == ["", "waits 2 s", "waits until it is ended"]


def test_the_text_fits_a_terminal_and_keeps_its_bars_in_line() -> None:
    """At most 74 columns; the bars of the kernel and of the other end stand below themselves, whatever is between."""
    long = call("getaddrinfo(" + "x" * 100 + ") = 0")
    udp = call("socket(AF_INET, SOCK_DGRAM, 0) = 4", 4, result=4)
    to_udp = call("connect(4, 127.0.0.1:80) = 0", 4, 0, "", "127.0.0.1:80")
    faults = (connected(-1, "EACCES"), connected(-1, "ETIMEDOUT", arranged=True), connected(-1, "EINPROGRESS"))
    rows = storyboard.as_text(told(SOCKET, connected(0), long, *faults, udp, to_udp, CLOSE))
    assert max(map(len, rows)) <= 74
    assert len({row.rindex("│") for row in rows if row.count("│") == 2}) == 1
    assert {row.index("│") for row in rows if "│" in row} == {storyboard._CALLS + 3}


def test_the_picture_is_well_formed_whatever_the_calls_say() -> None:
    """Names and paths come from the submission."""
    hostile = call('system("<script>&\'\\"") = 0', -1)
    svg = storyboard.as_svg(told(SOCKET, hostile), "name")
    root = xml.etree.ElementTree.fromstring(svg)
    assert [each.tag for each in root.iter() if "script" in each.tag] == []
    assert "<script>" in "".join(root.itertext())


def test_nothing_recorded_is_no_story() -> None:
    """Not an empty picture."""
    assert storyboard.story(sample.LEAKS._replace(calls=())) is None
