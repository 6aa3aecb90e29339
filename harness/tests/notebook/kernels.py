"""A real kernel, as Jupyter starts one, in which cells are run one by one."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from front_door import SECONDS, Process, changed, descendants
from jupyter_client.manager import KernelManager

MIME = "application/vnd.socklab.report+json"


class Cell(NamedTuple):
    """What came of one cell: the messages that a front end got, in order, and what the kernel replied."""

    messages: list[dict[str, Any]]
    reply: dict[str, Any]

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        """The contents of all messages of these kinds."""
        return [m["content"] for m in self.messages if m["msg_type"] in kinds]

    @property
    def status(self) -> str:
        """ok, error or aborted."""
        return self.reply["status"]

    @property
    def printed(self) -> str:
        """Standard output and standard error."""
        return "".join(each["text"] for each in self.of("stream"))

    @property
    def result(self) -> dict[str, Any]:
        """The cell's value as a front end gets it: by MIME type."""
        (only,) = self.of("execute_result")
        return only["data"]

    @property
    def text(self) -> str:
        """The cell's value as text."""
        return self.result["text/plain"]

    @property
    def report(self) -> dict[str, Any]:
        """The report in the cell's value."""
        return self.result[MIME]

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """What was shown beside the value: one output, and what took its place later."""
        shown = self.of("display_data", "update_display_data")
        assert len({each["transient"]["display_id"] for each in shown}) <= 1
        return [each["data"] for each in shown]

    @property
    def error(self) -> str:
        """The error as it is shown, in plain text."""
        (only,) = self.of("error")
        return "\n".join(only["traceback"])


class Kernel:
    """One kernel and one client of it."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self.client = manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    @property
    def pid(self) -> int:
        """The kernel's process."""
        return self.manager.provisioner.process.pid  # type: ignore[union-attr]

    def send(self, code: str) -> str:
        """Let a cell run; its number, for `finish`."""
        return self.client.execute(code, allow_stdin=False)

    def run(self, code: str) -> Cell:
        """Run a cell to its end."""
        return self.finish(self.send(code))

    def ok(self, code: str) -> Cell:
        """Run a cell that must not fail."""
        cell = self.run(code)
        assert cell.status == "ok", (cell.reply, cell.printed)
        return cell

    def refused(self, code: str) -> str:
        """Run a cell that must fail without a traceback; the one line that is shown."""
        cell = self.run(code)
        shown = cell.printed or cell.error
        assert (cell.status, shown.strip().count("\n")) == ("error", 0), (cell.reply, shown)
        assert cell.of("execute_result") == []
        return shown.strip()

    def finish(self, request: str, before: list[dict[str, Any]] | None = None) -> Cell:
        """What comes of a cell that was sent. `before`: messages of it that were received already."""
        messages = list(before or [])
        while not any(m["content"].get("execution_state") == "idle" for m in messages):
            messages += self.received(request)
        while True:
            reply = self.client.get_shell_msg(timeout=SECONDS)
            if reply["parent_header"].get("msg_id") == request:
                return Cell(messages, reply["content"])

    def until(self, request: str, words: str) -> list[dict[str, Any]]:
        """Wait until a picture of a cell says `words`; all messages of it so far."""
        messages: list[dict[str, Any]] = []
        while not any(words in m["content"].get("data", {}).get("text/plain", "") for m in messages):
            messages += self.received(request)
            assert not any(m["content"].get("execution_state") == "idle" for m in messages), messages
        return messages

    def until_printed(self, request: str) -> list[dict[str, Any]]:
        """Wait until a cell prints something; all messages of it so far."""
        messages: list[dict[str, Any]] = []
        while not any(m["msg_type"] == "stream" for m in messages):
            messages += self.received(request)
        return messages

    def received(self, request: str) -> list[dict[str, Any]]:
        """The next message that a front end gets, if it is about that cell."""
        message = self.client.get_iopub_msg(timeout=SECONDS)
        return [message] if message["parent_header"].get("msg_id") == request else []

    def children(self) -> list[Process]:
        """All that the kernel has started and that is still there."""
        return descendants(self.pid)

    def wait_until_alone(self) -> None:
        """Wait until nothing that the kernel started is there any more."""
        deadline = time.monotonic() + SECONDS / 4
        while left := self.children():
            assert time.monotonic() < deadline, f"left behind: {left}"
            time.sleep(0.01)  # no event tells of the end of what is not our child

    def descriptors(self) -> list[str]:
        """The pipes, processes and deleted files that the kernel has open; its own sockets come and go."""
        there = [entry.path for entry in os.scandir(f"/proc/{self.pid}/fd")]
        found = [os.readlink(path) for path in there if os.path.lexists(path)]
        return sorted(each for each in found if each.startswith(("pipe:", "anon_inode:[pidfd]")) or "deleted" in each)


@contextmanager
def started(cwd: Path, env: Mapping[str, str | None] | None = None) -> Iterator[Kernel]:
    """A kernel in `cwd`, with socklab loaded; ended at the end."""
    manager = KernelManager(kernel_name="python3", transport="ipc", connection_file=str(cwd / "kernel.json"))
    settings = {"IPYTHONDIR": str(cwd / "ipython"), "JUPYTER_RUNTIME_DIR": str(cwd), **(env or {})}
    manager.start_kernel(cwd=str(cwd), env=changed(settings))
    kernel: Kernel | None = None
    try:
        kernel = Kernel(manager)
        kernel.ok("%load_ext socklab\n%colors nocolor")
        yield kernel
    finally:
        if kernel:
            kernel.client.stop_channels()
        manager.shutdown_kernel(now=True)


def texts(cell: Cell) -> list[str]:
    """A picture that changes, as text, one state after the other."""
    return [each["text/plain"] for each in cell.pictures]
