"""What one submission of a class costs, to plan for many: processor time, gradebook, memory, network, scheduler.

    .venv/bin/python harness/benchmarks/class_cost.py [cpu|book|network] [--submissions N]

cpu       processor time (user and system, of all processes, by a control group) of a submission under `socklab grade`, and that of
          a bare gcc of the same file. What a run costs before its first submission is left out: N are compared with one.
book      a gradebook with N attempts: bytes and seconds for each; and what each costs the command in memory and processor time, in a
          run that finds all of them there, alone, with the class's page, and with a page for each learner.
network   a scheduler and a worker in a network of their own: bytes on the wire, and processor time of the scheduler, the
          worker and the command, for each Python submission.

Processor time hardly depends on what else a machine does, unlike seconds; N is 20 for cpu, 100 for network and
2,000 for book.
docs/class-of-100000.md says what follows from it.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT / "solutions" / "is-port-open"
EXERCISE = "is-port-open"
GCC = ["gcc", "-g", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", "/dev/null"]
GRADE = [sys.executable, "-m", "socklab", "grade", EXERCISE]


def say(what: str, figure: str) -> None:
    """One line of the table."""
    print(f"{what:<46} {figure}", flush=True)


def own_group() -> Path:
    """The folder of our control group (cgroups(7), version 2)."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    top = next((words[1] for words in mounts if words[2] == "cgroup2"), None)
    mine = next(
        (line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")), None
    )
    if top is None or mine is None:
        raise SystemExit("processor time is counted by a control group of version 2, which is not mounted here")
    return Path(top) / mine.lstrip("/")


def cpu_seconds(argv: list[str], cwd: Path) -> float:
    """Processor time of `argv` and of all that it starts.

    Not by times(2): that leaves out what a pid namespace ends with, which is most of what a submission does.
    """
    group = own_group() / f"socklab-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        raise SystemExit(
            f"{group}: {error.strerror}. Run this as root, or by: systemd-run --user --scope -p Delegate=yes"
        ) from error
    try:
        enter = (group / "cgroup.procs").write_text
        ended = subprocess.run(
            argv, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, preexec_fn=lambda: enter("0") and None
        )
        if ended.returncode:
            raise SystemExit(f"{' '.join(argv)} ended with {ended.returncode}: {ended.stderr.decode()}")
        while "populated 1" in (group / "cgroup.events").read_text():
            time.sleep(0.01)
        return int((group / "cpu.stat").read_text().split()[1]) / 1e6
    finally:
        group.rmdir()


def hand_in(folder: Path, source: Path, count: int) -> Path:
    """`count` files that differ, and do the same as `source`."""
    folder.mkdir()
    comment = b"// " if source.suffix == ".c" else b"# "
    for number in range(count):
        (folder / f"s{number:06}{source.suffix}").write_bytes(source.read_bytes() + comment + b"%d\n" % number)
    return folder


# -- processor time --------------------------------------------------------------------------------------------------


def cpu(place: Path, count: int) -> None:
    """Print it for C with and without sanitizers and for Python, right and wrong, and for what hangs."""
    waits, spins = place / "waits.c", place / "spins.c"
    waits.write_text(
        "#include <unistd.h>\nint is_port_open(int port)\n{\n    for (;;)\n        pause();\n    return port;\n}\n"
    )
    spins.write_text("int is_port_open(int port)\n{\n    for (volatile int n = port;; n++)\n        ;\n}\n")
    cpu_seconds([*GRADE, str(hand_in(place / "first", BANK / "right" / "blocking.c", 1))], place)  # caches are filled
    for source in (waits, spins):
        one(place, source, 1, "--no-sanitizer")
    for name in ("right/blocking.c", "wrong/leak-on-refused.c"):
        for words in ((), ("--no-sanitizer",)):
            one(place, BANK / name, count, *words)
    for name in ("right/blocking.py", "wrong/raises-on-refused.py"):
        one(place, BANK / name, count)


def one(place: Path, source: Path, count: int, *words: str) -> None:
    """Print what each of `count` more submissions costs than one."""
    title = " ".join([source.name, *words])
    room = place / re.sub(r"\W", "-", title)
    room.mkdir()
    taken = []
    for number in (1, count + 1):
        class_of = hand_in(room / str(number), source, number)
        argv = [*GRADE, str(class_of), *words, "--workers", "1", "--gradebook", f"{number}.sqlite"]
        begun = time.monotonic()
        taken.append((cpu_seconds(argv, room), time.monotonic() - begun))
    cost, seconds = ((b - a) / count for a, b in zip(*taken, strict=True))
    ratio = ""
    if source.suffix == ".c":
        floor = sum(cpu_seconds([*GCC, str(source)], place) for _ in range(10)) / 10
        ratio = f", {cost / floor:.1f} x gcc ({floor * 1e3:.0f} ms)"
    say(title, f"{cost * 1e3:.0f} ms of processor time{ratio}; {seconds:.2f} s here")


# -- the gradebook, and the command itself ---------------------------------------------------------------------------


def book(place: Path, count: int) -> None:
    """Print what an attempt costs in a gradebook, and what a hand-in costs a run that finds it there. All reports are real."""
    from socklab import catalog, submission
    from socklab.batch.gradebook import Gradebook
    from socklab.batch.intake import collect
    from socklab.batch.versions import exercise_version
    from socklab.grading import Options, grade
    from socklab.reports.json import as_dict

    exercise = catalog.find(EXERCISE)
    version = exercise_version(exercise)
    source = BANK / "wrong" / "leak-on-refused.c"
    report = as_dict(grade(exercise, submission.read(str(source)), Options(sanitize=False)))
    costs = []
    for number in (count // 10, count):
        room = place / str(number)
        room.mkdir()
        with (
            collect(exercise, [str(hand_in(room / "week", source, number))]) as found,
            Gradebook(f"{room}/b") as opened,
        ):
            begun = time.perf_counter()
            for each in found.handed_in:
                content = Path(each.path).read_bytes()
                graded = report | {"sha256": hashlib.sha256(content).hexdigest()}
                opened.journal(EXERCISE, each, graded, exercise_version=version, begun=time.time(), content=content)
            written = time.perf_counter() - begun
        size = sum(each.stat().st_size for each in room.glob("b*"))
        page, pages = room / "class.html", room / "pages.zip"
        plain = _rerun(room, number)
        with_page = _rerun(room, number, "--format", "html", "--output", str(page))
        with_pages = _rerun(room, number, "--feedback", str(pages))
        costs.append(
            (number, size, written, *plain, *with_page, page.stat().st_size, *with_pages, pages.stat().st_size)
        )
    n, size, written, seconds, memory, *more = (b - a for a, b in zip(*costs, strict=True))
    say("an attempt in the gradebook", f"{size / n:,.0f} bytes; {written / n * 1e3:.1f} ms to write")
    say(
        "a hand-in that is there already",
        f"{seconds / n * 1e3:.2f} ms of processor time; {memory / n:,.0f} bytes of memory",
    )
    say("the command without any", f"{(costs[0][4] - memory / n * costs[0][0]) / 1e6:,.0f} MB of memory")
    for what, total, most, on_disk in (
        ("its line in the class's page", *more[:3]),
        ("its page of its own, zipped", *more[3:]),
    ):
        cost = f"{on_disk / n:,.0f} bytes; {(total - seconds) / n * 1e3:.2f} ms of processor time"
        say(what, f"{cost}; {(most - memory) / n:,.0f} bytes of memory")


def _rerun(room: Path, number: int, *words: str) -> tuple[float, int]:
    """Processor time and the most memory of a run in which nothing has changed: all is read, looked up and told."""
    with (room / "out").open("w+b") as out:
        argv = [*GRADE, str(room / "week"), "--gradebook", str(room / "b"), *words]
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        _, process.returncode, used = os.wait4(process.pid, 0)
        out.seek(0)
        if process.returncode or f" {number} unchanged".encode() not in out.read():
            raise SystemExit("something was graded that was graded already")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


# -- a cluster -------------------------------------------------------------------------------------------------------

_LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", 0x41))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""netdevice(7): SIOCSIFFLAGS with IFF_UP and IFF_RUNNING, in the network namespace that unshare(1) has made."""


def network(place: Path, count: int) -> None:
    """Run the rest of this in a network of its own, where nobody else sends anything."""
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    inside = [__file__, "inside", "--submissions", str(count), "--place", str(place)]
    subprocess.run(["unshare", *rights, "--net", sys.executable, "-c", _LOOPBACK_UP, *inside], check=True)


@contextmanager
def dask(place: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """A scheduler and one worker, as address and process numbers; both are ended."""
    told = place / "scheduler.json"
    here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    started: dict[str, subprocess.Popen[bytes]] = {}

    def start(what: str, *words: str) -> None:
        argv = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, *here]
        log = (place / f"{what}.log").open("wb")
        started[what] = subprocess.Popen(argv, cwd=place, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    try:
        start("scheduler", "--scheduler-file", str(told), "--port", "0")
        while not told.exists() or "address" not in told.read_text():
            time.sleep(0.1)
        address = json.loads(told.read_text())["address"]
        start(
            "worker", address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--local-directory", str(place)
        )
        yield address, {what: process.pid for what, process in started.items()}
    finally:
        for process in started.values():
            process.kill()
            process.wait()


def cpu_of(pid: int) -> float:
    """Processor time of one process, without that of its children (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bytes_sent() -> int:
    """What went over loopback, in this network namespace."""
    line = next(line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[8])


def inside(place: Path, count: int) -> None:
    """Grade one submission on a cluster, then many, and print what each of those cost, beside what idling does."""
    with dask(place) as (address, processes):

        def used() -> list[float]:
            return [time.monotonic(), bytes_sent(), *map(cpu_of, processes.values())]

        def spent(deed: Callable[[], object]) -> list[float]:
            before = used()
            deed()
            return [b - a for a, b in zip(before, used(), strict=True)]

        commands = []

        def grade(number: int) -> None:
            class_of = hand_in(place / str(number), BANK / "right" / "blocking.py", number)
            argv = [*GRADE, str(class_of), "--cluster", address, "--gradebook", f"{number}.sqlite"]
            commands.append(cpu_seconds(argv, place))

        grade(2)  # until the worker is there, and its own process too
        idle = spent(lambda: time.sleep(IDLE_SECONDS))
        one, many = spent(lambda: grade(1)), spent(lambda: grade(count + 1))
        seconds = many[0] - one[0]
        each = [(m - o - seconds * i / idle[0]) / count for o, m, i in zip(one, many, idle, strict=True)]
        say("a submission on a cluster", f"{each[1]:,.0f} bytes on the wire, in {HOPS} hops")
        names = ("scheduler", "dask worker, beside grading", "command")
        for what, cost in zip(names, [*each[2:], (commands[2] - commands[1]) / count], strict=True):
            say(f"a submission for the {what}", f"{cost * 1e3:.1f} ms of processor time")
        for what, cost in zip(names, idle[2:], strict=False):
            say(f"a second without one, for the {what}", f"{cost / idle[0] * 1e3:.1f} ms of processor time")


IDLE_SECONDS = 10.0

HOPS = 4
"""From the command to the scheduler, to a worker, and back."""


# -- all of it -------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure and print."""
    parts = {"cpu": (cpu, 20), "book": (book, 2000), "network": (network, 100)}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=[*parts, "inside"], help="all of them if it is left out")
    parser.add_argument("--submissions", type=int, metavar="N")
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.part == "inside":
        inside(words.place, words.submissions)
        return
    for part in [words.part] if words.part else parts:
        measure, usual = parts[part]
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), words.submissions or usual)


if __name__ == "__main__":
    main()
