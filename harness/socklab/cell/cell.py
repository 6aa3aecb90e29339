"""The cell: the private place in which one submission runs, opened by the broker process.

The broker forks off the main process, gives up root, enters a network of its own and starts the runner in a sandbox
inside it. Nothing of that can be undone, so one broker process opens one cell. It knows no exercise.
"""

import os
import resource
import signal
from collections.abc import Mapping, Sequence

from . import confinement, evidence, linux
from .confined import NOFILE, RECORD_FD
from .launch import Launch
from .loop import Loop
from .network import Network
from .process import Child, most_descriptors
from .recorder import Recording
from .runner import Runner
from .sandbox import PRIVATE, ByHand, Folder, Sandbox, Unavailable, become, interpreter_tree, reachable_by_all
from .started import Started


class Cell:
    """Network, sandbox and recording of one submission. Use `open` once, in a process forked for it.

    `second`: another cell of the same grade has the same seed, at the same time.
    """

    def __init__(
        self,
        tier: str,
        folder: Folder,
        seed: int,
        *,
        interpreter: bool,
        recorded: bool,
        programs: bool = False,
        second: bool = False,
    ) -> None:
        self.tier = tier
        self.folder = folder
        self.network = Network(tier, seed, second=second)
        self.loop = Loop()
        self.starved = evidence.CpuWait(os.getpid())
        self.recording = Recording() if recorded else None
        self._tree = interpreter_tree() if interpreter else None
        self._sandbox = Sandbox(tier, folder)
        self._filter = confinement.load(tier, programs=programs)

    def open(self) -> None:
        """Give up root, enter the network, make ready for runners.

        Raises Unavailable where the private tier is not to be had.
        """
        self._sandbox = Sandbox(self.tier, self.folder, self._reachable_tree())
        try:
            become(self.folder.user)
            linux.set_dumpable(self.tier == PRIVATE)  # the shared tier's runner has our user id: it shall not trace us
            linux.die_with_parent(signal.SIGKILL)
            self.network.open()
        except OSError as error:
            raise Unavailable(f"user and network namespaces are not permitted here ({error})") from error

    def _reachable_tree(self) -> tuple[str, str] | None:
        """The interpreter, at a place that the throw-away user can reach even if it is installed in root's home."""
        if self._tree is None:
            return None
        if self.folder.user is None or reachable_by_all(self._tree):
            return self._tree, self._tree
        try:
            linux.unshare(linux.CLONE_NEWNS)
            linux.make_mounts_private()
            linux.bind_mount(self._tree, self.folder.tree)
        except OSError as error:
            raise Unavailable(
                f"this Python lies in {self._tree}, which only root may enter, and it cannot be mounted elsewhere ({error})"
            ) from error
        return self.folder.tree, self._tree

    def start(self, launch: Launch) -> Runner:
        """A fresh runner, ready for requests.

        Raises Unavailable or HarnessError as Runner.wait_until_ready does.
        """
        if self.recording:
            self.recording.start_afresh()
        runner = Runner(self._sandbox, launch, self.recording, self._filter, self.loop)
        try:
            runner.wait_until_ready()
        except BaseException:
            runner.close()
            raise
        return runner

    def run(
        self, launch: Launch, name: str, arguments: tuple[str, ...], descriptors: int, *, recorded: bool
    ) -> Started:
        """A whole program of that name with these arguments, and so many descriptors at most, that runs from now on.

        Only one at a time can be `recorded`. Raises Unavailable or HarnessError as Confined.wait_until_ready does.
        """
        recording = self.recording if recorded else None
        if recording:
            recording.start_afresh()
        started = Started(self._sandbox, launch, recording, self._filter, self.loop, name, arguments, descriptors)
        try:
            started.wait_until_ready()
            started.begin()
        except BaseException:
            started.close()
            raise
        return started

    def enter(
        self,
        argv: Sequence[str],
        *,
        files: Mapping[str, bytes],
        environment: Mapping[str, str],
        descriptors: Mapping[int, int],
        by_hand: ByHand,
    ) -> Child:
        """A program of the user's own choice in this network: in a sandbox as a runner is, but without a runner's limits and
        its filter of system calls, which would keep a debugger from its work."""
        recorded = {RECORD_FD: self.recording.descriptor} if self.recording else {}
        return self._sandbox.start(
            argv,
            files=files,
            descriptors={**descriptors, **recorded},
            limits={resource.RLIMIT_CORE: (0, 0), resource.RLIMIT_NOFILE: (NOFILE, most_descriptors())},
            environment=environment,
            network=True,
            by_hand=by_hand,
        )

    def path_of(self, launch: Launch) -> str:
        """Where the submission lies, as the runner sees it."""
        return launch.load(self._sandbox.root)
