"""What is known of a process and of connections from outside, where that is not as it mostly is."""

import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from socklab.cell import evidence

HEADLESS = r"""
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *rest(void *first)
{
    pthread_join(*(pthread_t *)first, NULL);
    puts("alone");
    fflush(stdout);
    for (;;)
        pause();
}
int main(void)
{
    static pthread_t first, other;
    first = pthread_self();
    pthread_create(&other, NULL, rest, &first);
    pthread_exit(NULL);
}
"""


@pytest.fixture
def headless(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose first thread has ended; another one waits."""
    program = tmp_path / "headless"
    subprocess.run(["gcc", "-pthread", "-x", "c", "-", "-o", program], input=HEADLESS.encode(), check=True)
    with subprocess.Popen([program], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def test_a_process_whose_first_thread_has_ended_lives(headless: subprocess.Popen[bytes]) -> None:
    """It has descriptors and memory, and rests; /proc/PID itself tells of none of that."""
    pid = headless.pid
    while evidence.threads(pid) != 2 or not evidence.asleep(pid):
        select.select([], [], [], 0.001)  # the kernel tells of the end of a thread before it is over
    assert {0, 1, 2} <= set(evidence.descriptors(pid))
    assert evidence.mappings(pid) > 5
    assert evidence.resident(pid) > 0
    assert evidence.proportional(pid) > 0
    assert not evidence.is_zombie(pid)
    assert not evidence.is_at_work(pid)


def test_a_process_all_of_whose_threads_have_ended_is_a_zombie(headless: subprocess.Popen[bytes]) -> None:
    """Until somebody asks how it ended; it neither sleeps nor has anything then."""
    pid = headless.pid
    headless.send_signal(signal.SIGKILL)
    while not evidence.is_zombie(pid):
        select.select([], [], [], 0.001)
    assert not evidence.asleep(pid)
    assert evidence.is_stopped(pid)
    assert evidence.descriptors(pid) == {}
    assert (evidence.mappings(pid), evidence.resident(pid), evidence.proportional(pid)) == (0, 0, 0)


@pytest.fixture
def mapped() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection over IPv4: a client, and a server's end that is a socket for IPv6."""
    with socket.socket(socket.AF_INET6) as listener:
        listener.bind(("::ffff:127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(("127.0.0.1", listener.getsockname()[1])) as client:
            server, _ = listener.accept()
            with server:
                yield client, server


def test_a_socket_for_ipv6_may_be_the_end_of_a_connection_over_ipv4(
    mapped: tuple[socket.socket, socket.socket],
) -> None:
    """What is on its way, and what is unread, is seen as with any other."""
    client, server = mapped
    near, far = client.getsockname(), client.getpeername()
    assert evidence.is_settled(near, far)
    client.sendall(b"hello")
    select.select([server], [], [])
    assert (evidence.unread(far, near), evidence.unread(near, far)) == (5, 0)
    server.recv(2)
    assert evidence.unread(far, near) == 3
    server.recv(3)
    assert evidence.unread(far, near) == 0


def test_what_an_end_holds_back_is_not_on_its_way(mapped: tuple[socket.socket, socket.socket]) -> None:
    """It waits for whoever has said MSG_MORE, however long nothing happens on the way."""
    client, server = mapped
    near, far = client.getsockname(), client.getpeername()
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    for _ in range(100):
        begun = time.monotonic()
        server.sendall(b"held")
        settled, came = evidence.is_settled(near, far), bool(select.select([client], [], [], 0)[0])
        if time.monotonic() - begun < 0.15:  # after 200 ms the kernel sends it all the same
            break
        assert client.recv(4) == b"held"
    assert (settled, came) == (True, False)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
    assert client.recv(4) == b"held"


@pytest.mark.parametrize(
    ("before", "held_up"),
    [("pass", True), ("signal.signal(15, signal.SIG_IGN)", False), ("signal.pthread_sigmask(signal.SIG_BLOCK, [15])", False)],
    ids=["usual effect", "ignored", "blocked"],
)  # fmt: skip
def test_a_signal_that_was_not_delivered_yet_holds_a_process_up(before: str, held_up: bool) -> None:
    """It was sent to one that stands still. Who does not want it is not held up."""
    program = f"import signal, time; {before}; print(flush=True); time.sleep(1000)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            process.send_signal(signal.SIGSTOP)
            while not evidence.is_stopped(process.pid):
                select.select([], [], [], 0.001)
            assert not evidence.is_held_up(process.pid)
            process.send_signal(signal.SIGTERM)
            assert evidence.is_held_up(process.pid) == held_up
        finally:
            process.kill()
    assert not evidence.is_held_up(process.pid)
