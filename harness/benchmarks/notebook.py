"""What a notebook adds to a grade: `%%submit` in a real kernel, as a ratio to `socklab check` of the same file.

    .venv/bin/python harness/benchmarks/notebook.py [--pairs N]

Both run in turns, so that a machine that slows down slows both; the ratio is taken pair by pair and the median is printed,
with its quartiles. A cell's time is that which a front end waits: from asking until the kernel has sent the report.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from jupyter_client.manager import start_new_kernel

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RIGHT = os.path.join(ROOT, "solutions", "is-port-open", "right")
WRONG = os.path.join(ROOT, "solutions", "is-port-open", "wrong")
SOCKLAB = os.path.join(os.path.dirname(sys.executable), "socklab")
FILES = {
    "C, right": os.path.join(RIGHT, "blocking.c"),
    "C, right, no sanitizer build": os.path.join(RIGHT, "blocking.c"),
    "C, wrong": os.path.join(WRONG, "errno-read-after-close.c"),
    "Python, right": os.path.join(RIGHT, "blocking.py"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=10)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder  # what is graded here is not what this machine's user did
        os.chdir(folder)
        manager, client = start_new_kernel(kernel_name="python3")
        try:
            client.execute_interactive("%load_ext socklab", store_history=False)
            for title, file in FILES.items():
                options = ["--no-sanitizer"] if "no sanitizer" in title else []
                with open(file, encoding="utf-8") as source:
                    cell = f"%%submit is-port-open {' '.join(options)}\n{source.read()}"
                command = [SOCKLAB, "check", "is-port-open", file, *options]
                report(title, [(seconds_of_cell(client, cell), seconds_of(command)) for _ in range(pairs + 1)][1:])
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def seconds_of_cell(client, cell: str) -> float:  # type: ignore[no-untyped-def]  # a BlockingKernelClient, made by a metaclass
    """Wall time of a cell, which must give a report."""
    started = time.perf_counter()
    reply = client.execute_interactive(cell, store_history=False, output_hook=lambda _: None)
    if reply["content"]["status"] != "ok":
        raise SystemExit(f"a cell ended with {reply['content']}")
    return time.perf_counter() - started


def seconds_of(command: list[str]) -> float:
    """Wall time of a command, which must pass or fail as grades do."""
    started = time.perf_counter()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {ended.returncode}")
    return time.perf_counter() - started


def report(title: str, pairs: list[tuple[float, float]]) -> None:
    """Print the median of the ratios, and what they were made of."""
    low, middle, high = statistics.quantiles((cell / command for cell, command in pairs), n=4)
    cell, command = (statistics.median(column) * 1e3 for column in zip(*pairs, strict=True))
    print(
        f"{title:<30} {middle:5.2f} x `socklab check`  (quartiles {low:.2f} .. {high:.2f}; {cell:.0f} ms against {command:.0f} ms)"
    )


if __name__ == "__main__":
    main()
