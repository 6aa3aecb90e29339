"""The cell: the private place in which one submission runs, opened by the broker process.

The broker forks off the main process, gives up root, enters a network of its own and starts the runner in a sandbox
inside it. Nothing of that can be undone, so one broker process opens one cell. It knows no exercise.
"""

import signal

from . import confinement, linux
from .launch import Launch
from .network import Network
from .recorder import Recording
from .runner import Runner
from .sandbox import PRIVATE, Folder, Sandbox, Unavailable, become, interpreter_tree, reachable_by_all


class Cell:
    """Network, sandbox and recording of one submission. Use `open` once, in a process forked for it."""

    def __init__(self, tier: str, folder: Folder, seed: int, *, interpreter: bool, recorded: bool) -> None:
        self.tier = tier
        self.folder = folder
        self.network = Network(tier, seed)
        self.recording = Recording() if recorded else None
        self._tree = interpreter_tree() if interpreter else None
        self._sandbox = Sandbox(tier, folder)
        self._filter = confinement.load(tier)

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
            self.recording.forget_crash()
        runner = Runner(self._sandbox, launch, self.recording, self._filter)
        try:
            runner.wait_until_ready()
        except BaseException:
            runner.close()
            raise
        return runner

    def path_of(self, launch: Launch) -> str:
        """Where the submission lies, as the runner sees it."""
        return launch.load(self._sandbox.root)
