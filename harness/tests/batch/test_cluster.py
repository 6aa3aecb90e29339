"""A class on a cluster: a real scheduler and real workers, each a process, and whatever may happen to them."""

import asyncio
import contextlib
import json
import marshal
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from classroom import lay
from distributed import Client
from front_door import (
    SECONDS,
    SPINS,
    Answer,
    all_end,
    assert_refused,
    changed,
    descendants,
    run,
    socklab,
    started,
    wait_until,
)
from test_grade_command import as_json, grades

import socklab as package
from socklab import catalog
from socklab.batch import cluster, errand
from socklab.batch.cluster import AHEAD, Cluster
from socklab.batch.intake import HandIn
from socklab.batch.people import Student
from socklab.batch.station import Station, serve
from socklab.batch.workers import Interrupt, Task
from socklab.cell.process import forked
from socklab.cell.sandbox import PRIVATE, SHARED
from socklab.errors import SetupError, UsageError
from socklab.grading import Options
from socklab.submission import Submission

EXERCISE = "is-port-open"
QUICK = Options(sanitize=False, tier=PRIVATE)
BROKEN = b"int is_port_open(int port)\n{\n    return 1\n}\n"
TOP = Path(package.__file__).parents[2]
BOOK = "gradebook.sqlite"


class Dask:
    """A scheduler and workers, as `dask scheduler` and `dask worker` start them, on loopback and in a folder of their own."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack, env: Mapping[str, str | None], protocol: str) -> None:
        self._folder = folder
        self._stack = stack
        self._env = env
        self._protocol = protocol
        self.workers: list[subprocess.Popen[bytes]] = []
        told = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--scheduler-file", str(told), "--port", "0", env=env)
        wait_until(lambda: told.exists() and "address" in told.read_text(), self.scheduler, "a scheduler")
        self.address = json.loads(told.read_text())["address"]

    def add_worker(self, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[bytes]:
        """One more, which grades one at a time; nobody starts it again."""
        place = self._folder / f"worker-{len(self.workers)}"
        words = (self.address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--local-directory", str(place))
        self.workers.append(self._start("worker", *words, env={**self._env, **(env or {})}))
        return self.workers[-1]

    def _start(self, what: str, *words: str, env: Mapping[str, str | None]) -> subprocess.Popen[bytes]:
        here = ("--host", "127.0.0.1", "--protocol", self._protocol, "--dashboard-address", "127.0.0.1:0")
        argv = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, *here]
        log = self._stack.enter_context((self._folder / f"{what}-{len(self.workers)}.log").open("wb"))
        process = subprocess.Popen(
            argv, cwd=self._folder, env=changed(env), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        self._stack.callback(_killed, process)
        return process

    def wait_for_workers(self) -> None:
        """Until all have registered with the scheduler."""

        async def registered() -> None:
            async with Client(self.address, asynchronous=True, set_as_default=False) as client:
                await client.wait_for_workers(len(self.workers), timeout=SECONDS)  # type: ignore[misc]

        asyncio.run(registered())

    def stations(self) -> dict[int, subprocess.Popen[bytes]]:
        """The processes that grade something just now, each with its worker."""
        found = {}
        for worker in self.workers:
            family = descendants(worker.pid)
            busy = {each.parent for each in family}
            found |= {each.pid: worker for each in family if each.parent == worker.pid and each.pid in busy}
        return found


def _killed(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@contextlib.contextmanager
def dask(
    folder: Path, workers: int, env: Mapping[str, str | None] | None = None, protocol: str = "tcp"
) -> Iterator[Dask]:
    """A cluster with so many workers, all of which are gone afterwards."""
    folder.mkdir()
    with contextlib.ExitStack() as stack:
        made = Dask(folder, stack, env or {}, protocol)
        for _ in range(workers):
            made.add_worker()
        if workers:
            made.wait_for_workers()
        yield made


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A cluster of two that is none the worse for a test."""
    with dask(tmp_path_factory.mktemp("dask") / "two", 2) as made:
        yield made


@pytest.fixture
def right(solutions: Path) -> bytes:
    """What passes."""
    return (solutions / "right" / "blocking.py").read_bytes()


def words(address: str, *more: str) -> tuple[str, ...]:
    """What is typed to grade the folder week there."""
    return ("grade", EXERCISE, "week", "--no-sanitizer", "--cluster", address, *more)


def on(made: Dask, *more: str, cwd: Path, env: Mapping[str, str | None] | None = None) -> Answer:
    """The command, to its end."""
    return socklab(*words(made.address, *more), cwd=cwd, env=env)


def tasks(number: int, source: bytes, asked: list[int] | None = None) -> Iterator[Task]:
    """So many submissions, which differ; `asked`: those that were asked for."""
    for each in range(number):
        if asked is not None:
            asked.append(each)
        hand_in = HandIn(Student(str(each), str(each)), "is_port_open.py", f"week/{each}.py", "")
        yield Task(hand_in, Submission("is_port_open.py", source + b"#" * each), "")


# -- what is graded ----------------------------------------------------------------------------------------------------


def test_verdicts_are_those_of_this_machine(two: Dask, exercises: Path, solutions: Path, tmp_path: Path) -> None:
    """Points, checks, mistakes and reasons, in both languages; each attempt is journalled once, in the private tier."""
    wrong = (
        "errno-read-after-close.c",
        "returns-string.py",
        "raises-on-refused.py",
    )  # the order of checks changes nothing in them
    files = {f"w{n}{Path(name).suffix}": (solutions / "wrong" / name).read_bytes() for n, name in enumerate(wrong)}
    files |= {
        f"right-{suffix[1:]}{suffix}": (solutions / "right" / f"blocking{suffix}").read_bytes()
        for suffix in (".c", ".py")
    }
    files |= {"starter.py": (exercises / EXERCISE / "starter.py").read_bytes(), "broken.c": BROKEN, "empty.c": b"\0"}
    lay(tmp_path / "week", files)
    there = on(two, "--format", "json", cwd=tmp_path)
    here = socklab("grade", EXERCISE, "week", "--no-sanitizer", "--format", "json", "--gradebook", "here", cwd=tmp_path)
    assert (there.code, here.code) == (0, 0), there
    assert _verdicts(there) == _verdicts(here)
    assert len(_verdicts(there)) == len(files)
    assert len(grades(tmp_path / BOOK)) == len(files)
    assert _reports(tmp_path / BOOK) == _reports(tmp_path / "here")
    again = as_json(on(two, "--format", "json", cwd=tmp_path))
    assert again["run"] == {"handed_in": len(files), "graded": 0, "unchanged": len(files)}


def _verdicts(answer: Answer) -> dict[str, tuple[Any, ...]]:
    return {
        who: (each["verdict"], each["points"], each["possible"]) for who, each in as_json(answer)["results"].items()
    }


def _reports(path: Path) -> dict[str, tuple[Any, ...]]:
    from socklab.batch.gradebook import Gradebook
    from socklab.batch.policy import Policy
    from socklab.batch.results import results

    with Gradebook(str(path)) as book:
        found = {each.student.id: each.report or {} for each in results(book, EXERCISE, Policy(), reports=True)}
    return {
        who: (
            *(report[name] for name in ("outcome", "tier", "file", "sha256", "language", "version", "to_fix")),
            [(each["slug"], each["outcome"]) for each in report["results"]],
            [each["slug"] for each in report["mistakes"]],
        )
        for who, report in found.items()
    }


def test_no_more_is_under_way_than_the_cluster_needs(two: Dask, right: bytes) -> None:
    """However many there are; and a second run over the same connection is a run of its own."""
    exercise = catalog.find(EXERCISE)
    with Cluster(two.address) as connected, Interrupt() as interrupt:
        for _ in range(2):
            asked: list[int] = []
            done = 0
            with contextlib.closing(connected.graded(exercise, QUICK, tasks(12, right, asked), interrupt)) as reports:
                for each in reports:
                    done += 1
                    assert each.report["outcome"] == "passed"
                    assert len(asked) - done < AHEAD * 2
            assert done == 12


# -- what is lost ------------------------------------------------------------------------------------------------------


def test_what_a_killed_worker_had_is_graded_by_another(right: bytes, tmp_path: Path, temporary: Path) -> None:
    """Half-way through: all results, none twice; nothing of the killed one runs on or lies around."""
    class_of = {f"s{number}.py": right + b"#" * number for number in range(9)}
    lay(tmp_path / "week", {"a-spins.c": SPINS.encode(), **class_of})
    env = {"TMPDIR": str(temporary)}
    with (
        dask(tmp_path / "dask", 2, env) as made,
        started(*words(made.address, "--format", "json"), cwd=tmp_path) as process,
    ):
        wait_until(lambda: len(grades(tmp_path / BOOK)) >= 3, process, "a few grades")
        wait_until(lambda: any(map(_spins, made.workers)), process, "a busy worker")
        (busy,) = filter(_spins, made.workers)
        with all_end(busy) as family:
            assert len(family) > 2
            busy.kill()
        out, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        made.workers.remove(busy)
        verdicts = {each["student"]: each["verdict"] for each in json.loads(out)["results"]}
        assert verdicts == {"a-spins": "failed", **{name.removesuffix(".py"): "passed" for name in class_of}}
        assert [who for who, _ in grades(tmp_path / BOOK)] == sorted(verdicts)
        assert [*temporary.glob("socklab-*")] == []


def _spins(worker: subprocess.Popen[bytes]) -> bool:
    """Whether it grades what takes seconds."""
    return any(each.name.startswith("runner") and each.ticks > 20 for each in descendants(worker.pid))


@pytest.mark.parametrize(("deaths", "verdict"), [(1, "failed"), (2, "harness-error")])
def test_a_process_that_dies_over_a_submission_costs_one_retry(
    deaths: int, verdict: str, two: Dask, right: bytes, tmp_path: Path
) -> None:
    """And then a harness error, which names the machine; others are graded, and the worker lives."""
    lay(tmp_path / "week", {"spins.c": SPINS.encode(), "kim.py": right})
    with started(*words(two.address, "--format", "json"), cwd=tmp_path) as process:
        killed: set[int] = set()
        while len(killed) < deaths:
            wait_until(lambda: any(map(_spins, two.workers)), process, "a busy process")
            (station,) = (pid for pid, worker in two.stations().items() if _spins(worker) and pid not in killed)
            with all_end(two.stations()[station]):
                os.kill(station, signal.SIGKILL)
            killed.add(station)
        out, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == (4 if verdict == "harness-error" else 0)
    kim, spins = json.loads(out)["results"]
    assert (kim["verdict"], spins["verdict"]) == ("passed", verdict)
    assert [worker.poll() for worker in two.workers] == [None, None]
    reason = _reason(tmp_path / BOOK, "spins")
    expected = r"the process that graded it was ended 2 times (SIGKILL; is there enough memory?) (on tcp://127.0.0.1:"
    assert reason.startswith(expected) == (verdict == "harness-error")


def _reason(path: Path, who: str) -> str:
    from socklab.batch.gradebook import Gradebook

    with Gradebook(str(path)) as book:
        return book.report(book.past(Student(who, who), EXERCISE).attempts[0].grade)["reason"]


def test_what_kills_worker_after_worker_is_a_harness_error(tmp_path: Path) -> None:
    """Of its own, and no mark: once there is another worker the same command grades it."""
    lay(tmp_path / "week", {"spins.c": SPINS.encode()})
    env = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with dask(tmp_path / "dask", 1, env) as made:
        with started(*words(made.address, "--format", "json"), cwd=tmp_path) as process:
            wait_until(lambda: _spins(made.workers[0]), process, "a busy worker")
            made.workers[0].kill()
            out, _ = process.communicate(timeout=SECONDS)
        assert (process.returncode, json.loads(out)["results"][0]["verdict"]) == (4, "harness-error")
        assert _reason(tmp_path / BOOK, "spins") == "each worker that it was given to (1) was lost meanwhile"
        made.add_worker()
        assert as_json(on(made, "--format", "json", cwd=tmp_path))["results"]["spins"]["verdict"] == "failed"


def test_a_lost_scheduler_ends_the_run_and_what_was_done_is_kept(right: bytes, tmp_path: Path) -> None:
    """In one line that says how to go on."""
    lay(tmp_path / "week", {"kim.py": right, "spins.c": SPINS.encode()})
    with (
        dask(tmp_path / "dask", 2) as made,
        started(*words(made.address), cwd=tmp_path) as process,
    ):
        wait_until(lambda: len(grades(tmp_path / BOOK)) == 1, process, "a grade")
        made.scheduler.kill()
        out, err = process.communicate(timeout=SECONDS)
    answer = Answer(process.returncode, out, err)
    assert_refused(answer, 4, "the scheduler was lost. What was graded is kept, and the same command goes on.")
    assert grades(tmp_path / BOOK) == [("kim", "passed")]


def test_a_cluster_without_workers_is_not_waited_for_for_ever(
    right: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some start their workers late; none at all is an error that says what to do."""
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 0.5)
    monkeypatch.setattr(cluster, "LOOKS_EVERY", 0.1)
    with dask(tmp_path / "dask", 0) as made, Cluster(made.address) as connected, Interrupt() as interrupt:
        reports = connected.graded(catalog.find(EXERCISE), QUICK, tasks(3, right), interrupt)
        with (
            contextlib.closing(reports),
            pytest.raises(SetupError, match=f"no worker for 0.5 s.*dask worker {made.address}"),
        ):
            next(reports)


# -- being stopped -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_is_under_way_is_called_off(ending: signal.Signals, two: Dask, right: bytes, tmp_path: Path) -> None:
    """However the command ends, the workers end what they grade for it, and are free for others."""
    lay(tmp_path / "week", {"kim.py": right, "y.c": SPINS.encode(), "z.c": SPINS.encode() + b"\n"})
    with started(*words(two.address), cwd=tmp_path) as process:
        wait_until(lambda: all(map(_spins, two.workers)), process, "two busy workers")
        stations = {pid: os.pidfd_open(pid) for pid in two.stations()}
        process.send_signal(ending)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == ({signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[ending], "")
    if ending == signal.SIGINT:
        command = " ".join(("socklab", *words(two.address)))
        done = len(grades(tmp_path / BOOK))
        assert err == f"stopped\n{done} of 3 done, and kept in gradebook.sqlite. To go on: {command}\n"
    for handle in stations.values():
        assert select.select([handle], [], [], SECONDS / 4)[0], "it grades on"
        os.close(handle)
    os.unlink(tmp_path / "week" / "y.c")
    os.unlink(tmp_path / "week" / "z.c")
    assert on(two, cwd=tmp_path).code == 0


def test_a_station_ends_with_the_thread_that_made_it() -> None:
    """A dask worker may end its threads; another thread has another one."""
    made: list[Station] = []
    answers: list[bytes | None] = []

    def work() -> None:
        station = errand._station()
        assert errand._station() is station
        made.append(station)
        station.ask(marshal.dumps(("here", errand.Errand("none", "", "", {}, "a.py", b"").packed())))
        select.select([station.connection], [], [], SECONDS / 4)
        answers.append(station.answer())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] is not made[1]
    assert [errand.answered(each or b"") for each in answers] == [{"refused": "there is no none", "where": "here"}] * 2
    for each in made:
        assert select.select([each.child.pidfd], [], [], SECONDS / 4)[0]
        each.end()


def test_a_station_that_nobody_asks_ends() -> None:
    """And what is asked afterwards has a new one."""

    def start(theirs: Any) -> int:
        parent = os.getpid()
        return forked(lambda: serve(theirs, parent, lambda message: message[::-1], patience=0.05), {})

    station = Station(start)
    station.ask(b"abc")
    assert select.select([station.connection], [], [], SECONDS / 4)[0]
    assert station.answer() == b"cba"
    assert select.select([station.child.pidfd], [], [], SECONDS / 4)[0]
    station.ask(b"abc")
    assert station.answer() is None
    assert station.how_it_ended() == "exit code 0"


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def another_version(tmp_path: Path) -> Callable[..., dict[str, str | None]]:
    """The environment of a worker with a copy of socklab in which one file reads otherwise."""

    def make(file: str, before: str, after: str) -> dict[str, str | None]:
        copy = tmp_path / "copy"
        for part in ("harness/socklab", "exercises"):
            shutil.copytree(TOP / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        text = (copy / file).read_text()
        assert before in text
        (copy / file).write_text(text.replace(before, after))
        return {"PYTHONPATH": str(copy / "harness")}

    return make


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ("harness/socklab/__init__.py", package.__version__, "0.0.9"),
            f"socklab is 0.0.9 there, and {package.__version__} here",
        ),
        ((f"exercises/{EXERCISE}/checks.py", "import", "import sys\nimport"), f"{EXERCISE} is "),
    ],
    ids=["socklab", "exercise"],
)
def test_another_version_grades_nothing(
    change: tuple[str, str, str],
    reason: str,
    another_version: Callable[..., dict[str, str | None]],
    right: bytes,
    tmp_path: Path,
) -> None:
    """Its marks would not be those of this machine; the line names the worker and says what to do."""
    lay(tmp_path / "week", {"kim.py": right})
    with dask(tmp_path / "dask", 0) as made:
        made.add_worker(another_version(*change))
        answer = on(made, cwd=tmp_path)
    assert_refused(answer, 4, "socklab: tcp://127.0.0.1:", reason, "Install the same there and start that worker anew.")
    assert grades(tmp_path / BOOK) == []


def test_what_has_no_socklab_grades_nothing(two: Dask, right: bytes, tmp_path: Path) -> None:
    """The scheduler and the workers all need it."""
    lay(tmp_path / "week", {"kim.py": right})
    lay(tmp_path / "none", {"socklab/__init__.py": b"raise ModuleNotFoundError('no socklab')\n"})
    with dask(tmp_path / "dask", 1, {"PYTHONPATH": str(tmp_path / "none")}) as made:
        answer = on(made, cwd=tmp_path)
    assert_refused(
        answer, 4, f"--cluster {made.address}: socklab cannot be loaded there (ModuleNotFoundError: no socklab)"
    )
    assert grades(tmp_path / BOOK) == []


@pytest.fixture
def without_dask(tmp_path: Path) -> list[str]:
    """A Python that has all that is installed here, except dask."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for folder in filter(os.path.isdir, sys.path):
        for entry in Path(folder).iterdir() if folder.endswith("-packages") else ():
            if not entry.name.startswith(("dask", "distributed")):
                (packages / entry.name).symlink_to(entry)
    return ["env", f"PYTHONPATH={TOP / 'harness'}:{packages}", sys.executable, "-S", "-m", "socklab"]


def test_without_the_extra_a_cluster_is_refused(without_dask: list[str], right: bytes, tmp_path: Path) -> None:
    """With the command that installs it; everything else works."""
    lay(tmp_path / "week", {"kim.py": right})
    answer = run(*without_dask, *words("127.0.0.1:8786"), cwd=tmp_path, env=changed())
    assert_refused(answer, 4, "--cluster needs dask, which is not installed here", "pip install 'socklab[cluster]'")
    assert run(*without_dask, "grade", EXERCISE, "week", cwd=tmp_path, env=changed()).code == 0


@pytest.mark.parametrize(
    "address",
    ["", "nowhere", "tcp://", "tcp://a:b", "tcp://a:70000", "http://a:1", "inproc://1/2", "tcp://a:1/x", "a\x1b[2J:1"],
)
def test_what_is_no_address_is_refused(address: str, right: bytes, tmp_path: Path) -> None:
    """Before anything is looked at."""
    assert_refused(socklab(*words(address), cwd=tmp_path), 2, "that is no address of a scheduler", "tcp://HOST:PORT")


def test_what_does_not_go_together_is_refused(tmp_path: Path) -> None:
    """A submission of the shared tier could talk to the dask worker; and a cluster has workers of its own."""
    assert_refused(socklab(*words("a:1", "--tier", "shared"), cwd=tmp_path), 2, "--cluster tcp://a:1", "tls://")
    assert_refused(socklab(*words("a:1", "--workers", "2"), cwd=tmp_path), 2, "--workers is for this machine")
    assert Cluster("tls://a:1", SHARED).address == "tls://a:1"
    with pytest.raises(UsageError):
        Cluster("tcp://a:1", SHARED)


@pytest.mark.parametrize("accepts", [False, True], ids=["nobody there", "no scheduler"])
def test_who_does_not_answer_is_not_waited_for_for_long(accepts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the connection is refused or something else takes it and says nothing."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if accepts:
            other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with (
            pytest.raises(SetupError, match=f"^--cluster tcp://{address}: no dask scheduler answers there"),
            Cluster(address),
        ):
            pytest.fail("there was nobody")


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificates(tmp_path: Path) -> dict[str, str | None]:
    """An authority and a certificate by it, as environment variables of distributed's own configuration."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=tmp_path, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=A class's own authority")
    openssl("req", *new, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=socklab")
    openssl(
        "x509",
        "-req",
        "-in",
        "request.pem",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca-key.pem",
        "-CAcreateserial",
        "-out",
        "cert.pem",
    )
    tls = {"CA_FILE": "ca.pem"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        tls |= {f"{role}__CERT": "cert.pem", f"{role}__KEY": "key.pem"}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(tmp_path / file) for name, file in tls.items()}


def test_a_cluster_with_certificates(
    certificates: dict[str, str | None], right: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has one of the same authority is let in, who has none is not."""
    lay(tmp_path / "week", {"kim.py": right})
    with dask(tmp_path / "dask", 0, certificates, "tls") as made:
        assert made.address.startswith("tls://")
        made.add_worker()
        refused = on(made, cwd=tmp_path)
        assert_refused(refused, 4, "no certificates are configured. Set DASK_DISTRIBUTED__COMM__TLS__CA_FILE")
        unreadable = certificates | {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(tmp_path / "none.pem")}
        assert_refused(on(made, cwd=tmp_path, env=unreadable), 4, "its certificates cannot be read (")
        assert on(made, cwd=tmp_path, env=certificates).code == 0
        monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
        with (
            pytest.raises(SetupError, match="no dask scheduler answers there"),
            Cluster(made.address.replace("tls", "tcp")),
        ):
            pytest.fail("it was let in")
    assert grades(tmp_path / BOOK) == [("kim", "passed")]
