"""A class graded on other machines: the workers of a dask cluster do what those of `workers` do, and the command does the rest.

It offers `graded` as `workers` does. Submissions go out one by one, a few more than the cluster can grade at once, so memory is
bounded however large a class is. A dask worker that is lost costs nothing: the scheduler gives what it had to another one, and a
submission over which too many are lost is a harness error of its own. Each submission is waited for once, so its report comes
once. All of the network happens in one event loop, which runs while this waits: there are no threads.

It trusts the cluster: whoever reaches its scheduler can run programs on its workers, and they on this machine, for that is what
dask is for. Only TLS decides who does (docs/class-of-100000.md).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import time
import warnings
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from .. import __version__
from ..catalog import Exercise
from ..cell.sandbox import SHARED
from ..errors import SetupError, UsageError
from ..grading import Options
from ..model import HARNESS_ERROR
from .errand import LOST, REFUSED, REPORT, answered, carry_out, errand
from .people import shown
from .versions import exercise_version
from .workers import TRIES, Done, Interrupt, Task, without_grading

if TYPE_CHECKING:
    from distributed import Client, Security

CONNECT_SECONDS = 20.0
"""How long a scheduler may take to answer."""

WORKER_SECONDS = 120.0
"""How long there may be no worker at all: some clusters start them when there is something to do."""

LOOKS_EVERY = 5.0
"""Seconds between two looks at how many workers there are."""

AHEAD = 2
"""Submissions under way for each that the cluster can grade at once: nobody waits while one travels."""

TCP, TLS = "tcp", "tls"

_GO_ON = "What was graded is kept, and the same command goes on."


class Cluster:
    """A dask cluster, by its scheduler's address; a context manager, within which it is connected."""

    def __init__(self, address: str, tier: str | None = None) -> None:
        """Look at the words. Raises UsageError if they are no address, or one at which `tier` would not be safe."""
        self.address = _checked(address)
        if tier == SHARED and not self.address.startswith(TLS):
            raise UsageError(
                f"--cluster {self.address}: in the shared tier a submission shares the network of its machine, and could give the "
                "dask worker there orders of its own. Use the private tier, or a cluster with tls://."
            )

    def __enter__(self) -> Cluster:
        """Connect. Raises SetupError if dask is not installed or not configured, or nobody answers in time."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(_silence())
            self._runner = stack.enter_context(asyncio.Runner())
            self._client = self._runner.run(_connected(self.address))
            stack.callback(lambda: self._runner.run(_closed(self._client)))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def graded(
        self, exercise: Exercise, options: Options, tasks: Iterator[Task], interrupt: Interrupt
    ) -> Generator[Done, None, None]:
        """Grade `tasks`, which are asked for one by one; each with its report as soon as it is there.

        Ends early if `interrupt` is asked for. Close it: that calls off whatever is under way. Raises SetupError if the
        cluster is lost, or one of its machines cannot grade this.
        """
        version = exercise_version(exercise)
        away = _Away(self._client, self.address, interrupt)
        try:
            self._runner.run(away.begin())
            while not interrupt.asked:
                while len(away) < away.room and (task := next(tasks, None)):
                    away.send(task, errand(exercise, version, options, task.submission), self._runner.get_loop())
                if not len(away):
                    return
                for task, outcome in self._runner.run(away.returned()):
                    yield _done(exercise, task, outcome, self.address)
        finally:
            self._runner.run(away.call_off())


class _Returned(NamedTuple):
    """What became of a task: the worker's answer, or what kept it from answering."""

    task: Task
    outcome: bytes | Exception


class _Away:
    """Submissions that are under way, each awaited by a coroutine of its own. `room`: how many there may be."""

    def __init__(self, client: Client, address: str, interrupt: Interrupt) -> None:
        self._client = client
        self._address = address
        self._interrupt = interrupt
        self._run = os.urandom(4).hex()
        self._sent = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._returned: list[_Returned] = []
        self._trouble: SetupError | None = None
        self._news = asyncio.Event()
        self.room = AHEAD

    def __len__(self) -> int:
        return len(self._under_way) + len(self._returned)

    async def begin(self) -> None:
        """Look at the workers, now and from time to time."""
        asyncio.get_running_loop().add_reader(self._interrupt.fileno(), self._news.set)
        self._watch = asyncio.create_task(self._look_at_workers())

    async def _look_at_workers(self) -> None:
        seen = time.monotonic()
        while True:
            try:
                threads = sum((await self._client.nthreads()).values())
            except Exception:
                self._fail(_lost(self._address))
                return
            self.room = AHEAD * max(1, threads)
            now = time.monotonic()
            seen = now if threads else seen
            if now - seen > WORKER_SECONDS:
                self._fail(_deserted(self._address))
                return
            await asyncio.sleep(LOOKS_EVERY)

    def _fail(self, trouble: SetupError) -> None:
        self._trouble = trouble
        self._news.set()

    def send(self, task: Task, message: bytes, loop: asyncio.AbstractEventLoop) -> None:
        """Have it graded, from the next `returned` on."""
        self._sent += 1
        key = f"socklab-{self._run}-{self._sent}"
        self._under_way.add(loop.create_task(self._one(task, message, key)))

    async def _one(self, task: Task, message: bytes, key: str) -> None:
        try:
            outcome = await self._client.submit(carry_out, message, key=key, pure=False)
        except Exception as error:
            outcome = error
        self._returned.append(_Returned(task, outcome))
        self._under_way.discard(asyncio.current_task())
        self._news.set()

    async def returned(self) -> list[_Returned]:
        """Wait for the next ones, or for Ctrl-C. Raises SetupError if none will come."""
        while not (self._returned or self._trouble or self._interrupt.asked):
            await self._news.wait()
            self._news.clear()
        if self._trouble and not self._returned:
            raise self._trouble
        returned, self._returned = self._returned, []
        return returned

    async def call_off(self) -> None:
        """Let the cluster forget what is under way: whatever of it runs is ended there."""
        asyncio.get_running_loop().remove_reader(self._interrupt.fileno())
        waiting = [self._watch, *self._under_way]
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _done(exercise: Exercise, task: Task, outcome: bytes | Exception, address: str) -> Done:
    """The report that came, or why none did. Raises SetupError where that is nothing of this submission's own."""
    if isinstance(outcome, bytes):
        answer = answered(outcome)
        where = answer["where"]
        if REPORT in answer:
            report = answer[REPORT]
            if report["outcome"] == HARNESS_ERROR:
                report["reason"] += f" (on {where})"
            return Done(task, report, min(answer["begun"], time.time()))  # its clock may be ahead of ours
        if LOST not in answer:
            raise SetupError(f"{where}: {answer[REFUSED]}. Install the same there and start that worker anew. {_GO_ON}")
        why = f"the process that graded it was ended {TRIES} times ({answer[LOST]}) (on {where})"
    else:
        import distributed

        if isinstance(outcome, concurrent.futures.CancelledError):
            raise _lost(address)
        if isinstance(outcome, ImportError | AttributeError | RuntimeError):
            raise SetupError(
                f"--cluster {address}: socklab cannot be loaded there ({_in_words(outcome)}). The scheduler and the workers all need "
                f"socklab {__version__}: pip install 'socklab[cluster]'. {_GO_ON}"
            )
        if isinstance(outcome, distributed.KilledWorker):
            why = f"each worker that it was given to ({outcome.allowed_failures + 1}) was lost meanwhile"
        else:
            why = _in_words(outcome)
    return Done(task, without_grading(exercise, task.submission, HARNESS_ERROR, why), time.time())


def _in_words(error: BaseException) -> str:
    """An error of dask's in one line, by what lies behind it."""
    error = error.__cause__ or error
    return ": ".join(filter(None, (type(error).__name__, " ".join(str(error).split()))))


# -- the connection --------------------------------------------------------------------------------------------------


def _checked(address: str) -> str:
    """The address with its scheme. Raises UsageError if it is none."""
    whole = address if "://" in address else f"{TCP}://{address}"
    try:
        parts = urlsplit(whole)
        good = (
            parts.scheme in (TCP, TLS) and parts.hostname and parts.port and whole == f"{parts.scheme}://{parts.netloc}"
        )
    except ValueError:
        good = False
    if not good or shown(whole) != whole:
        raise UsageError(
            f"--cluster {shown(address)}: that is no address of a scheduler; it is tcp://HOST:PORT or tls://HOST:PORT."
        )
    return whole


async def _connected(address: str) -> Client:
    try:
        import distributed
    except ImportError as error:
        raise SetupError(
            f"--cluster needs dask, which is not installed here ({error}). Try: pip install 'socklab[cluster]'"
        ) from error
    security = _security(address)
    client = distributed.Client(
        address, asynchronous=True, timeout=CONNECT_SECONDS, security=security, set_as_default=False
    )
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await client
    except BaseException as error:
        await _closed(client)
        if not isinstance(error, Exception):
            raise
        raise SetupError(
            f"--cluster {address}: no dask scheduler answers there ({_in_words(error)}). Is it running, and can this machine reach it?"
        ) from error


def _security(address: str) -> Security:
    """The certificates that distributed's own configuration names. Raises SetupError if they are needed and cannot be used."""
    import distributed

    security = distributed.Security()
    if address.startswith(TLS):
        try:
            context = security.get_connection_args("client")["ssl_context"]
        except (OSError, ValueError) as error:
            raise SetupError(
                f"--cluster {address}: its certificates cannot be read ({error}). {_TLS_ADVICE}"
            ) from error
        if context is None:
            raise SetupError(f"--cluster {address}: no certificates are configured. {_TLS_ADVICE}")
    return security


_TLS_ADVICE = (
    "Set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY, as docs/class-of-100000.md says."
)


async def _closed(client: Client) -> None:
    """Leave; a scheduler that does not answer is not waited for long."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CONNECT_SECONDS):
            await client.close()  # type: ignore[misc]  # its annotation knows only clients that block


def _deserted(address: str) -> SetupError:
    return SetupError(
        f"--cluster {address}: it has had no worker for {WORKER_SECONDS:g} s. Start some: dask worker {address}. {_GO_ON}"
    )


def _lost(address: str) -> SetupError:
    return SetupError(f"--cluster {address}: the scheduler was lost. {_GO_ON}")


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep dask from writing between our lines: whatever matters of it is told as an error of ours."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
