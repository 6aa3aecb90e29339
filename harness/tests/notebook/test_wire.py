"""Packets of a conversation in a private network: what was caught is what the kernel sent."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from front_door import SECONDS, run
from kernels import Kernel

from socklab.notebook import wire
from socklab.notebook.ladder import MOST_ROWS
from socklab.notebook.packets import Packet
from socklab.notebook.wire import Capture

PAIR = """
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
client = socket.socket()


def segments():
    with open("/proc/net/snmp") as file:
        names, numbers = (row.split() for row in file if row.startswith("Tcp:"))
    return int(numbers[names.index("OutSegs")])


def wait_for_segments(number):
    wanted = segments() + number
    while segments() < wanted:
        time.sleep(0.01)
"""
"""A listener and a client; and a way to wait until the kernel has sent so many segments more."""


def caught(code: str) -> Capture:
    """A capture of a conversation, in which nothing may have gone wrong."""
    capture = wire.record(PAIR + code)
    assert (capture.reason, capture.printed, capture.missed, capture.finished) == ("", "", 0, True), capture
    return capture


def told(capture: Capture) -> list[tuple[str, int, bool]]:
    """Flags, size and direction of every packet."""
    client = capture.packets[0].source
    return [(" ".join(each.flags), each.size, each.source == client) for each in capture.packets]


def test_a_whole_connection_is_caught_in_order() -> None:
    """Handshake, data, both ends, each with its numbers (RFC 9293); and the moments never run backwards."""
    capture = caught("""
client.connect(listener.getsockname())
server, _ = listener.accept()
client.sendall(b"hello\\n")
client.shutdown(socket.SHUT_WR)
while server.recv(100):
    pass
server.close()
client.close()
""")
    packets = capture.packets
    assert told(capture)[:4] == [("SYN", 0, True), ("SYN ACK", 0, False), ("ACK", 0, True), ("ACK", 6, True)]
    assert packets[3].data == b"hello\n"
    assert [(each.sequence, each.acknowledged) for each in packets[:4]] == [(0, 0), (0, 1), (1, 1), (1, 1)]
    finished = [each for each in packets if "FIN" in each.flags]
    assert [each.source for each in finished] == [packets[0].source, packets[0].target]
    assert packets[-1].acknowledged == finished[1].sequence + 1
    assert [each.seconds for each in packets] == sorted(each.seconds for each in packets)
    assert {each.kind for each in packets} == {""}


def test_keepalive_is_told_from_other_acknowledgements() -> None:
    """A probe a second, while nobody says anything (tcp(7)), and an answer to each."""
    capture = caught("""
client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL):
    client.setsockopt(socket.IPPROTO_TCP, option, 1)
client.connect(listener.getsockname())
wait_for_segments(4)  # two probes, and an answer to each
""")
    probes = [number for number, each in enumerate(capture.packets) if each.kind]
    assert [capture.packets[number].kind for number in probes[:2]] == ["keepalive"] * 2
    for number in probes:
        probe, answer = capture.packets[number : number + 2]
        assert (probe.source, probe.sequence, probe.size) == (capture.packets[0].source, 0, 0)
        assert (answer.source, answer.acknowledged, answer.kind) == (probe.target, 1, "")
    assert repr(capture).count("(keepalive)") == len(probes)
    assert "s of silence" in repr(capture)


def test_a_window_that_is_shut_shows_and_so_does_its_probe() -> None:
    """Whoever does not read lets the other wait; the probe for room is no keepalive."""
    capture = caught("""
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
client.connect(listener.getsockname())
server, _ = listener.accept()
client.setblocking(False)
try:
    while True:
        client.send(bytes(4096))
except BlockingIOError:
    pass
wait_for_segments(4)
""")
    assert any(each.window == 0 and "RST" not in each.flags for each in capture.packets)
    assert "window probe" in {each.kind for each in capture.packets}
    assert "keepalive" not in {each.kind for each in capture.packets}


def test_udp_and_a_port_that_nobody_has() -> None:
    """One datagram, and the ICMP error goes back to who sent it (RFC 1122, 4.1.3.1)."""
    capture = caught("""
client = socket.socket(type=socket.SOCK_DGRAM)
client.sendto(b"hi", ("127.0.0.1", 9))
""")
    asked, answered = capture.packets
    assert (asked.protocol, asked.target, asked.size, asked.data) == ("UDP", 9, 2, b"hi")
    assert (answered.protocol, answered.source, answered.target) == ("ICMP", 9, asked.source)


def test_a_socket_that_meets_itself_is_one_side_only() -> None:
    """Its SYN comes from where it goes to."""
    capture = caught("""
client.bind(("127.0.0.1", 0))
client.connect(client.getsockname())
""")
    assert {(each.source == each.target) for each in capture.packets} == {True}
    assert capture.packets[0].flags == ("SYN",)


def test_a_picture_has_a_row_for_each_packet_and_says_what_it_leaves_out() -> None:
    """The same rows as HTML and as text, and nothing that runs; whatever was printed is escaped."""
    packets = [Packet(n, "UDP", 5000, 6000, (), 3, b"a<b") for n in range(MOST_ROWS + 2)]
    capture = Capture(packets, printed="<script>alert(1)</script>", missed=1, finished=False)
    page = capture._repr_mimebundle_()["text/html"]
    assert page.count("<path") == MOST_ROWS
    assert repr(capture).count("▶") == MOST_ROWS
    for note in ("… and 2 packets more", "1 packet was not kept", "ended before"):
        assert note in page
        assert note in repr(capture)
    assert "a&lt;b" in page
    assert "a<b" not in page
    assert "<script" not in page
    assert max(map(len, repr(capture).splitlines())) <= 60


def test_what_the_code_prints_and_raises_comes_back() -> None:
    """Standard output and standard error; and no packet is no error."""
    capture = wire.record("print('said')\nraise OSError('no luck')")
    assert capture.packets == ()
    assert re.search(r"said.*no luck", capture.printed, re.DOTALL)
    assert "no packet passed" in repr(capture)


def test_code_that_never_ends_is_ended() -> None:
    """With all that it has started, and what had passed until then is there."""
    capture = wire.record(
        f"{PAIR}\nimport os\nclient.connect(listener.getsockname())\nprint(os.getpid(), flush=True)\nif os.fork() == 0: "
        "print(os.getpid(), flush=True)\nwhile True: time.sleep(1)",
        seconds=8,
    )
    assert not capture.finished
    assert capture.packets[0].flags == ("SYN",)
    for pid in map(int, capture.printed.split()):
        _wait_until_gone(pid)


def test_a_machine_without_private_networks_is_told_so(tmp_path: Path) -> None:
    """Nothing was run, and a notebook goes on."""
    script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
    switched_off = ["unshare", "--user", "--map-root-user", "--", "sh", "-c", script, "sh"]
    if subprocess.run([*switched_off, "true"], capture_output=True, check=False).returncode:
        pytest.skip("namespaces cannot be switched off here")
    code = 'from socklab.notebook import wire; c = wire.record(\'open("ran", "w")\'); print(len(c.packets), c)'
    answer = run(*switched_off, sys.executable, "-c", code, cwd=tmp_path, env={"LANG": "C"})
    assert re.fullmatch(r"0 No packets: .*this machine permits none \(.+\)\. Nothing was run\.\n", answer.out), answer
    assert list(tmp_path.iterdir()) == []


def test_a_function_of_the_notebook_is_taken_along(kernel: Kernel) -> None:
    """With what it uses; the picture is one output."""
    kernel.ok("import socket\nfrom socklab.notebook import wire\nWORDS = b'hello'")
    kernel.ok(
        "def talk():\n    with socket.create_server(('127.0.0.1', 0)) as l, socket.create_connection(l.getsockname()) as c:\n"
        "        c.sendall(WORDS)"
    )
    cell = kernel.ok("wire.record(talk)")
    assert "5 bytes: hello" in cell.text
    assert "5 bytes: hello" in cell.result["text/html"]


def test_an_interrupt_leaves_nothing_behind(kernel: Kernel) -> None:
    """Ctrl-C while it runs: no process is left, and the next cell runs."""
    kernel.ok("from socklab.notebook import wire")
    request = kernel.send("print('go', flush=True)\nwire.record('import time; time.sleep(1000)', seconds=1000)")
    before = kernel.until_printed(request)
    kernel.manager.interrupt_kernel()
    assert kernel.finish(request, before).status == "error"
    kernel.wait_until_alone()
    assert kernel.ok("1 + 1").text == "2"


def _wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + SECONDS
    while _is_there(pid):
        assert time.monotonic() < deadline, f"process {pid} is left"
        time.sleep(0.01)  # no event tells of the end of what is not our child


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (ProcessLookupError, FileNotFoundError):
        return False
