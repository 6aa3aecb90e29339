"""The network that one submission runs in, and the real faults that its kernel can be made to give.

In the private tier it is a network namespace of its own: every port is free, no other host exists, and routing rules make
connect() fail for any program, whatever it is written in. In the shared tier it is the machine's loopback, where only
what cannot disturb anybody is done; the rest raises NotHere. It knows no exercise.
"""

import contextlib
import errno
import fcntl
import os
import random
import socket
import struct
from collections.abc import Iterator

from . import linux, netfilter, netlink
from .sandbox import PRIVATE

LOOPBACK = "127.0.0.1"

_SIOCSIFFLAGS, _IFF_UP, _IFF_RUNNING = 0x8914, 0x1, 0x40
_EPHEMERAL = "40000 60999"
_SECOND_ADDRESS = "192.0.2.1"
"""Also on lo, and used by nobody (RFC 5737): getaddrinfo(3) with AI_ADDRCONFIG answers only where there is more than loopback."""

_ROWS = "2048"
"""How many rows the network's own table of connections has (ip-sysctl: tcp_child_ehash_entries). The machine's, which it would share
otherwise, has one for each 100 KB of memory: whoever reads /proc/net/tcp walks through all of them, for milliseconds."""

_IN_TIME_WAIT = "8192"
"""How many connections may be in TIME_WAIT (tcp_max_tw_buckets), which a short table has the kernel make half of its rows."""

_BUFFERS = {"tcp_rmem": "4096 131072 524288", "tcp_wmem": "4096 16384 524288"}
"""Bytes that the kernel keeps for one end of a connection at least, at first and at most (tcp(7)). Machines differ, from 4 MiB to 32:
where so much fits, who does not read makes a server wait on one of them and not on another, and to fill it takes long."""

_NUMBERS = (*range(1024, 30000), *range(61000, 65500))
"""Ports that scenes use: outside the ephemeral range, or a caller now and then connects to itself (tcp(7))."""

_MANY = 5000
"""More numbers than all grades of a machine use at once."""

_LOCAL_PRIORITY, _FAULT_PRIORITY, _UNREACHABLE_TABLE = 1000, 100, 77
_ACTIONS = {
    errno.EACCES: (netlink.PROHIBIT, 0),
    errno.ENETUNREACH: (netlink.UNREACHABLE, 0),
    errno.EHOSTUNREACH: (netlink.TO_TABLE, _UNREACHABLE_TABLE),
    errno.EINVAL: (netlink.BLACKHOLE, 0),
}


class NotHere(Exception):
    """The scene cannot be arranged in this tier or on this machine; the text is the reason, for the report."""


class Network:
    """Opened once by the broker; `seed` decides the port numbers. `second`: another broker of the same grade has the same seed.

    In the shared tier each of the two has every other number, or they would take each other's at the same moment.
    """

    def __init__(self, tier: str, seed: int, *, second: bool = False) -> None:
        self.tier = tier
        self._numbers = _NUMBERS if self.private else _NUMBERS[second::2]
        self._seed = seed
        self._random = random.Random(seed)
        self._used: set[int] = set()
        self._claims: list[socket.socket] = []
        self._netlink: netlink.Netlink | None = None
        self._rules_ready = False

    @property
    def private(self) -> bool:
        """Whether this network is ours alone."""
        return self.tier == PRIVATE

    def open(self) -> None:
        """Enter it. In the private tier this process gets new user and network namespaces (namespaces(7)).

        Raises OSError where the kernel does not permit that.
        """
        if not self.private:
            return
        user, group = os.geteuid(), os.getegid()
        linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNET)
        _put("/proc/self/setgroups", "deny")
        _put("/proc/self/uid_map", f"0 {user} 1")
        _put("/proc/self/gid_map", f"0 {group} 1")
        with contextlib.suppress(OSError):  # an older kernel, or a /proc/sys that is read-only: slower, and no worse
            _put("/proc/sys/net/ipv4/tcp_child_ehash_entries", _ROWS)
            linux.unshare(linux.CLONE_NEWNET)
            _put("/proc/sys/net/ipv4/tcp_max_tw_buckets", _IN_TIME_WAIT)
        with socket.socket() as any_socket:
            request = struct.pack("16sh22x", b"lo", _IFF_UP | _IFF_RUNNING)
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)
        self._netlink = netlink.Netlink()
        self._netlink.add_address(socket.if_nametoindex("lo"), _SECOND_ADDRESS)
        _put("/proc/sys/net/ipv4/ip_local_port_range", _EPHEMERAL)
        _put("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")
        _put("/proc/sys/net/ipv4/tcp_syn_retries", "1")
        for name, sizes in _BUFFERS.items():
            _put(f"/proc/sys/net/ipv4/{name}", sizes)

    def begin(self, name: str) -> None:
        """What is arranged now has that name: its numbers depend on the seed and on this, not on what was arranged before."""
        self._random = random.Random(f"{self._seed} {name}")

    def port(self) -> int:
        """A number that this grade has not used yet; in the shared tier no other grade uses it, though some program may."""
        while True:
            number = self._random.choice(self._numbers)
            if number not in self._used:
                self._used.add(number)
                if self.private or self._claim(number):
                    return number

    def _claim(self, number: int) -> bool:
        """Whether no other grade on this machine has it. Whoever has bound its abstract name (unix(7)) has it until this process
        ends: that a port is free when one looks is not enough, for a submission's program binds it only some moments later.

        When many are gone somebody takes them all away on purpose, and we do without.
        """
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0socklab/port/{number}")
        except OSError:
            claim.close()
            return len(self._used) > _MANY
        self._claims.append(claim)
        return True

    def need_private(self) -> None:
        """Raise NotHere in the shared tier."""
        if not self.private:
            raise NotHere("it needs a private network")

    @staticmethod
    def can_fail_with(error: int) -> bool:
        """Whether `failing` knows a rule that gives this error."""
        return error in _ACTIONS

    @contextlib.contextmanager
    def failing(self, port: int, error: int) -> Iterator[None]:
        """While inside, connect() to `port` fails at once with `error`, by a routing rule (ip-rule(8))."""
        self.need_private()
        action, table = _ACTIONS[error]
        rules = self._rules()
        with _kernel_may_lack("routing rules"):
            rules.add_rule(action, _FAULT_PRIORITY, table, port)
        try:
            yield
        finally:
            rules.delete_rule(action, _FAULT_PRIORITY, table, port)

    @contextlib.contextmanager
    def rejecting(self, port: int) -> Iterator[None]:
        """While inside, a connection to `port` is first under way, then rejected: poll() reports POLLERR alone, SO_ERROR EHOSTUNREACH."""
        self.need_private()
        with contextlib.ExitStack() as stack:
            with _kernel_may_lack("packet filter"):
                stack.enter_context(netfilter.rejecting(port))
            yield

    def _rules(self) -> netlink.Netlink:
        assert self._netlink is not None
        if not self._rules_ready:
            with _kernel_may_lack("routing rules"):
                # The table of local addresses is asked first (priority 0); a rule of ours must come before it.
                self._netlink.add_rule(netlink.TO_TABLE, _LOCAL_PRIORITY, netlink.LOCAL_TABLE)
                self._netlink.delete_rule(netlink.TO_TABLE, 0, netlink.LOCAL_TABLE)
                self._netlink.add_unreachable_route(_UNREACHABLE_TABLE)
            self._rules_ready = True
        return self._netlink

    @contextlib.contextmanager
    def local_ports(self, first: int, last: int) -> Iterator[None]:
        """While inside, the kernel gives connecting sockets only ports first..last (ip(7), ip_local_port_range)."""
        self.need_private()
        _put("/proc/sys/net/ipv4/ip_local_port_range", f"{first} {last}")
        try:
            yield
        finally:
            _put("/proc/sys/net/ipv4/ip_local_port_range", _EPHEMERAL)

    def connects_tried(self) -> int | None:
        """How often connect() got as far as sending a SYN, as this network's kernel counts it (ActiveOpens, RFC 4022).

        None in the shared tier, where others are counted too.
        """
        if not self.private:
            return None
        with open("/proc/self/net/snmp") as file:
            rows = [line.split() for line in file if line.startswith("Tcp:")]
        return int(rows[1][rows[0].index("ActiveOpens")])


@contextlib.contextmanager
def _kernel_may_lack(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotHere(f"this machine's kernel offers no {what} ({error.strerror})") from error


def _put(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
