"""Hostile submissions, one file each in attacks/, through the front door in both tiers: contained, and never believed.

A file's first comment says what it tries and what must come of it. Beside each run the canaries that it may try to reach:
a private file, services on the machine's loopback and Unix sockets, a process. After each the next submission is graded
right, and nothing is left. docs/security.md has the same list as a table; a test compares them.
"""

import json
import os
import re
import resource
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from front_door import socklab

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
CHECKS = TOP / "exercises" / "is-port-open" / "checks.py"
SECRET = "fd3c-the-canary-sings"
TRACE = "canary-was-here"
KEY = 0x50C71AB
"""The key of System V objects that attacks make."""

RIGHT_C = """
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
static int ask(int port)
{
    if (port < 1 || port > 65535)
        return -1;
    int s_ = socket(AF_INET, SOCK_STREAM, 0);
    if (s_ < 0)
        return -1;
    struct sockaddr_in a_ = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int r_ = connect(s_, (struct sockaddr *)&a_, sizeof a_), e_ = errno;
    close(s_);
    return r_ == 0 ? 1 : e_ == ECONNREFUSED ? 0 : -1;
}
"""
RIGHT_PY = """
def ask(port):
    import socket as s_
    if not 0 < port < 65536:
        return -1
    try:
        with s_.socket() as c_:
            c_.connect(("127.0.0.1", port))
        return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1

"""
SERVE_C = """
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
static int listening(const char *port)
{
    struct sockaddr_in a_ = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int l_ = socket(AF_INET, SOCK_STREAM, 0), on_ = 1;
    setsockopt(l_, SOL_SOCKET, SO_REUSEADDR, &on_, sizeof on_);
    if (bind(l_, (struct sockaddr *)&a_, sizeof a_) != 0 || listen(l_, 50) != 0)
        exit(1);
    return l_;
}
__attribute__((unused)) static int serve(int argc, char **argv)
{
    int l_ = listening(argv[argc - 1]);
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int c_ = accept(l_, NULL, NULL);
        time_t now_ = time(NULL);
        dprintf(c_, "%.24s\\r\\n", ctime(&now_));
        close(c_);
    }
}
"""
SERVE_PY = """
import socket


def serve(before):
    import sys as s_, time as t_
    l_ = socket.socket()
    l_.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    l_.bind(("127.0.0.1", int(s_.argv[-1])))
    l_.listen(50)
    before(l_)
    while True:
        with l_.accept()[0] as c_:
            c_.sendall((t_.ctime() + "\\r\\n").encode())


"""
BASES = {
    (".c", "@SERVE@"): SERVE_C,
    (".py", "@SERVE@"): SERVE_PY,
    (".c", "@RIGHT@"): RIGHT_C,
    (".c", "@WRONG@"): RIGHT_C.replace("e_ == ECONNREFUSED ? 0 : -1", "e_ * 0"),
    (".py", "@RIGHT@"): RIGHT_PY,
    (".py", "@WRONG@"): RIGHT_PY.replace(
        "    except OSError:\n        return -1", "    except OSError:\n        return 0"
    ),
}
"""What attacks answer with: as it should be, or with every failure taken for a closed port; as servers, the time of day."""

RIGHT = {"is-port-open": "blocking", "daytime-server": "accept-loop"}
"""A right submission of each exercise that is attacked, which comes after the attack."""


class Attack(NamedTuple):
    """One hostile submission; `head` is what its first comment says."""

    name: str
    text: str
    head: dict[str, str]

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    @property
    def exercise(self) -> str:
        return self.head.get("exercise", "is-port-open")


def read(path: Path) -> Attack:
    """An attack from its file."""
    text = path.read_text()
    rows = re.findall(r"^(?:/\*| \*|#) (\w+): (.*?)(?: \*/)?$", text, re.MULTILINE)
    return Attack(path.name, text, dict(rows))


ATTACKS = [read(path) for path in sorted((HERE / "attacks").iterdir()) if path.suffix in (".c", ".py")]


class World:
    """The canaries around one run, and what an attack's text is filled in with."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.temporary = temporary
        self.secret = folder / "private.txt"
        self.secret.write_text(f'"{SECRET}"\n')
        self.secret.chmod(0o600)
        self.path = str(temporary / "service")
        self.abstract = f"socklab-canary-{os.getpid()}"
        self.tcp = self._service(socket.AF_INET, ("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.unix = [self._service(socket.AF_UNIX, name) for name in (self.path, "\0" + self.abstract)]
        os.chmod(self.path, 0o777)
        self.process = subprocess.Popen(["sleep", "1000"])
        self.limits = self._limits()
        self.mounts = Path("/proc/self/mountinfo").read_text()

    @staticmethod
    def _service(family: int, address: Any) -> socket.socket:
        service = socket.socket(family)
        service.bind(address)
        service.listen(4096)
        service.setblocking(False)
        return service

    def _limits(self) -> tuple[object, ...]:
        return (
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE),
            os.getpriority(os.PRIO_PROCESS, self.process.pid),
            os.sched_getscheduler(self.process.pid),
        )

    def fill_in(self, text: str, suffix: str) -> str:
        """`text` with its canaries."""
        for (of, token), base in BASES.items():
            text = text.replace(token, base) if of == suffix else text
        for token, value in {
            "@SECRETFILE@": self.secret,
            "@SECRET@": SECRET,
            "@SOCKET@": self.path,
            "@ABSTRACT@": self.abstract,
            "@PORT@": self.port,
            "@PID@": self.process.pid,
            "@TEMPORARY@": self.temporary,
            "@CHECKS@": CHECKS,
            "@EXERCISES@": CHECKS.parents[1],
        }.items():
            text = text.replace(token, str(value))
        return text

    def assert_untouched(self, *, reached: bool) -> None:
        """No canary was reached (the TCP service may be where `reached`), and nothing is left."""
        for service in self.unix if reached else (self.tcp, *self.unix):
            with pytest.raises(BlockingIOError):
                service.accept()
        assert self.process.poll() is None
        assert Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"
        assert self._limits() == self.limits
        assert self.secret.read_text() == f'"{SECRET}"\n'
        assert os.listdir(self.temporary) == ["service"]
        folders = ["/", "/etc", "/usr/lib", "/tmp", "/var/tmp", "/home", "/root", "/opt", "/srv", "/dev/shm"]
        folders += [str(CHECKS.parents[1]), os.path.dirname(os.__file__), os.getcwd()]
        assert [folder for folder in folders if os.path.exists(os.path.join(folder, TRACE))] == []
        for kind in ("shm", "msg"):
            keys = [line.split()[0] for line in Path("/proc/sysvipc", kind).read_text().splitlines()[1:]]
            assert str(KEY) not in keys
        assert Path("/proc/self/mountinfo").read_text() == self.mounts

    def close(self) -> None:
        """Take the canaries away."""
        self.process.kill()
        self.process.wait()
        for service in (self.tcp, *self.unix):
            service.close()
        os.unlink(self.path)


@pytest.fixture
def world(nobody_stays: None, tmp_path: Path, temporary: Path) -> Iterator[World]:
    """Canaries around a command that leaves no process behind."""
    made = World(tmp_path, temporary)
    yield made
    made.close()


def graded(attack: Attack, tier: str, world: World, folder: Path) -> tuple[list[dict[str, Any]], str]:
    """The reports of the attack and of a right submission after it, and all that the command printed."""
    name = attack.head.get("file", f"attack{attack.suffix}")
    (folder / name).write_text(world.fill_in(attack.text, attack.suffix))
    right = TOP / "solutions" / attack.exercise / "right" / f"{RIGHT[attack.exercise]}{attack.suffix}"
    both_builds = [] if "poisoned" in attack.name else ["--no-sanitizer"]
    answer = socklab(
        *("check", attack.exercise, name, right, "--tier", tier, "--format", "json", *both_builds),
        *(word for check in attack.head.get("only", "").split() for word in ("--only", check)),
        cwd=folder,
        env={"TMPDIR": str(world.temporary), "SOCKLAB_CANARY": SECRET},
    )
    assert answer.err == ""
    return json.loads(answer.out)["reports"], answer.out


@pytest.mark.parametrize("tier", ["private", "shared"])
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_is_contained_and_not_believed(attack: Attack, tier: str, world: World, tmp_path: Path) -> None:
    """The outcome that it deserves, with what was stopped; the next one is graded right; nothing is touched or left."""
    (hostile, right), printed = graded(attack, tier, world, tmp_path)
    assert hostile["tier"] == right["tier"] == tier
    assert re.fullmatch(attack.head["outcome"], hostile["outcome"]), hostile["reason"] or summary(hostile)
    told = summary(hostile)
    assert re.search(world.fill_in(attack.head.get("says", ""), ""), told), told
    if tier == "shared":
        assert re.search(world.fill_in(attack.head.get("refused", ""), ""), told), told
    if "keeps" in attack.head:
        assert SECRET not in printed
        assert "# -- real errors: -1 --" not in printed  # a line of checks.py, and of the other one
        assert "# -- many clients --" not in printed
    assert (right["outcome"], right["points"]) == ("passed", right["possible"])
    world.assert_untouched(reached=tier == "shared" and "reaches" in attack.head)


def summary(report: dict[str, Any]) -> str:
    """All that the report says in words."""
    failed = [r for r in report["results"] if r["outcome"] == "failed"]
    rows = [f"{r['slug']}: expected {r['expected']}, got {r['got']}. {r['message']}" for r in failed]
    return "\n".join([report["reason"], *report["remarks"], *rows])


@pytest.mark.parametrize("name", ["forged-report-on-stdout.c", "recorder-fed.c", "forged-report-on-stdout.py"])
@pytest.mark.parametrize("format_", ["terminal", "html", "junit"])
def test_what_it_prints_and_records_steers_no_report(name: str, format_: str, world: World, tmp_path: Path) -> None:
    """Controls and markup of a submission's are shown as text."""
    attack = read(HERE / "attacks" / name)
    file = tmp_path / f"attack{attack.suffix}"
    file.write_text(world.fill_in(attack.text, attack.suffix))
    answer = socklab(*("check", "is-port-open", file, "--no-sanitizer", "--format", format_, "--all"), cwd=tmp_path)
    assert answer.code == 1
    assert "\x1b" not in answer.out
    assert "\x01" not in answer.out
    assert "<script>" not in answer.out.replace("<script>\n  //", "") or format_ == "terminal"


def test_the_bank_is_large_and_every_attack_says_what_it_is() -> None:
    """At least forty; a name that is misspelt in a head would otherwise be a test that asks nothing."""
    assert len(ATTACKS) >= 40
    known = {
        "group",
        "tries",
        "outcome",
        "says",
        "refused",
        "keeps",
        "reaches",
        "shared",
        "note",
        "file",
        "exercise",
        "only",
    }
    for attack in ATTACKS:
        assert {"group", "tries", "outcome"} <= attack.head.keys() <= known, attack.name


def test_the_documentation_lists_every_attack() -> None:
    """The table in docs/security.md is what the files say."""
    table = (TOP / "harness" / "docs" / "security.md").read_text()
    for attack in ATTACKS:
        shared = attack.head.get("shared", "yes")
        assert f"| {attack.name} | {attack.head['tries']} | yes | {shared} |" in table
