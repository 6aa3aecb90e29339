"""`socklab serve`: how soon its page can be used, what it costs, and what it adds to a grade.

    .venv/bin/python harness/benchmarks/editor.py [--pairs N] [--pages N]

A run in the page and `socklab check` of the same file take turns, so that a machine that slows down slows both; the ratio is taken pair
by pair and the median is printed, with its quartiles. A page's times are taken in the page: from the press of Run until the first
check's square has its colour, and until the verdict stands there. Bytes are those that the browser counts on the wire, with heads.
Then as many learners as `--pages` says, each with a server, a folder and a page, press Run at once: every verdict has to be right.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions" / "is-port-open"
SOCKLAB = Path(sys.executable).with_name("socklab")
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --disable-gpu "
    "--disable-dev-shm-usage"
).split()
PATIENCE = 600.0
"""Seconds after which something hangs."""

SUBMISSIONS = {
    "C, right": ("right/blocking.c", "c", "passed"),
    "C, wrong": ("wrong/errno-read-after-close.c", "c", "failed"),
    "Python, right": ("right/blocking.py", "python", "passed"),
    "Python, wrong": ("wrong/raises-on-refused.py", "python", "failed"),
}

RUN = """() => new Promise(resolve => {
  const coloured = () => document.querySelector("#squares :is(.passed, .failed, .skipped)") !== null;
  const verdict = document.getElementById("verdict");
  let cleared = !coloured(), first = null, ran = false;
  const started = performance.now();
  const look = () => {
    const now = performance.now() - started;
    ran ||= verdict.className === "running";
    cleared ||= !coloured();
    if (cleared && first === null && coloured()) first = now;
    if (ran && !["", "running"].includes(verdict.className)) {
      watch.disconnect();
      resolve({ first, verdict: now, outcome: verdict.className });
    }
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  document.getElementById("run").click();
})"""
"""Press Run; milliseconds until the first square and until the verdict, and which it is."""


class Server(NamedTuple):
    """A server under way, and how many seconds it took until it answered."""

    process: subprocess.Popen[str]
    folder: Path
    address: str
    seconds: float

    def at(self, language: str) -> str:
        """The address of is-port-open in a language."""
        return f"{self.address.partition('#')[0]}#is-port-open/{language}"

    def put(self, submission: str, language: str) -> Path:
        """Have the learner's file be that solution."""
        path = self.folder / f"is_port_open{'.c' if language == 'c' else '.py'}"
        path.write_text((SOLUTIONS / submission).read_text())
        return path


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """A server of an empty folder."""
    folder.mkdir()
    started = time.perf_counter()
    command = [SOCKLAB, "serve", folder, "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            found = re.search(r"http://127\.0\.0\.1:\d+/#token=\S+", process.stdout.readline())
            assert found, "it did not say its address"
            with urlopen(found[0].partition("#")[0]) as answer:
                answer.read()
            yield Server(process, folder, found[0], time.perf_counter() - started)
        finally:
            process.terminate()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--pages", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")  # what is graded here is not what this machine's user did
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        starts(folder, options.pairs)
        with serve(folder / "one") as server:
            first_pages(browser, server, options.pairs)
            print(f"memory of the server, a page open   {memory(server)}")
            for title, (submission, language, outcome) in SUBMISSIONS.items():
                runs(browser, server, title, server.put(submission, language), language, outcome, options.pairs)
            print(f"memory of the server after all that {memory(server)}")
        many(browser, folder, options.pages)
        browser.close()


def starts(folder: Path, times: int) -> None:
    """Until a server answers."""
    taken = []
    for number in range(times):
        with serve(folder / f"start{number}") as server:
            taken.append(server.seconds * 1e3)
    print(f"server ready                        {spread(taken)} ms")


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, list[float]]]:
    """A page in a browser that has seen nothing yet, with the bytes of each answer that it got."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1e3)
    got: list[float] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
    page.goto(address)
    yield page, got
    context.close()


def until_usable(page: Page) -> None:
    """An exercise and its file are there, and can be typed into."""
    page.locator("body.ready .cm-content[contenteditable=true]").wait_for()


def first_pages(browser: Browser, server: Server, times: int) -> None:
    """The first page that a browser loads, and the second."""
    usable: list[float] = []
    again: list[float] = []
    wire: list[str] = []
    for _ in range(times):
        begun = time.perf_counter()
        with opened(browser, server.address) as (page, got):
            until_usable(page)
            usable.append((time.perf_counter() - begun) * 1e3)
            page.wait_for_load_state("load")
            wire = [f"{sum(got) / 1e3:.0f} kB in {len(got)} answers"]
            got.clear()
            begun = time.perf_counter()
            page.reload()
            until_usable(page)
            again.append((time.perf_counter() - begun) * 1e3)
            wire.append(f"{sum(got) / 1e3:.0f} kB in {len(got)} answers")
    print(f"on the wire, first and second page  {' and '.join(wire)}")
    print(f"editor usable, first page           {spread(usable)} ms, with a new browser context")
    print(f"editor usable, second page          {spread(again)} ms")


def runs(browser: Browser, server: Server, title: str, file: Path, language: str, outcome: str, pairs: int) -> None:
    """What the page adds to `socklab check` of the same file."""
    command = [SOCKLAB, "check", "is-port-open", file]
    found: list[tuple[float, float, float]] = []
    with opened(browser, server.address) as (page, _):
        until_usable(page)
        page.goto(server.at(language))
        page.locator("#file-name", has_text=file.name).wait_for()
        until_usable(page)
        for _ in range(pairs + 1):
            page.locator("#run:enabled").wait_for()  # the verdict stands there a moment before the run has ended
            run = page.evaluate(RUN)
            if run["outcome"] != outcome:
                raise SystemExit(f"{title}: {run['outcome']} and not {outcome}")
            found.append((run["first"], run["verdict"], milliseconds_of(command)))
    del found[0]
    first, verdict, check = (statistics.median(column) for column in zip(*found, strict=True))
    low, middle, high = statistics.quantiles((run / other for _, run, other in found), n=4)
    print(
        f"{title:<16} first result {first:4.0f} ms, verdict {middle:5.2f} x `socklab check`"
        f"  (quartiles {low:.2f} .. {high:.2f}; {verdict:.0f} ms against {check:.0f} ms)"
    )


def milliseconds_of(command: list[str | Path]) -> float:
    """Wall time of a command, which must pass or fail as grades do."""
    started = time.perf_counter()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {ended.returncode}")
    return (time.perf_counter() - started) * 1e3


def many(browser: Browser, folder: Path, number: int) -> None:
    """Learners, each with a server and a page, who press Run in the same moment."""
    kinds = list(SUBMISSIONS.values())
    with ExitStack() as stack:
        pages: list[tuple[Page, str]] = []
        servers: list[Server] = []
        for each in range(number):
            submission, language, outcome = kinds[each % len(kinds)]
            server = stack.enter_context(serve(folder / f"learner{each}"))
            server.put(submission, language)
            page, _ = stack.enter_context(opened(browser, server.address))
            until_usable(page)
            page.goto(server.at(language))
            page.locator("#file-name", has_text="is_port_open.c" if language == "c" else "is_port_open.py").wait_for()
            until_usable(page)
            servers.append(server)
            pages.append((page, outcome))
        started = time.perf_counter()
        for page, _ in pages:
            page.locator("#run").click()
        wrong = 0
        for page, outcome in pages:
            verdict = page.locator("#verdict:is(.passed, .failed, .ungradable, .harness-error)")
            verdict.wait_for()
            wrong += verdict.get_attribute("class") != outcome
        taken = time.perf_counter() - started
        own = statistics.median(kilobytes(server, "Pss") for server in servers) / 1e3
    print(f"{number} learners press Run at once: {taken:.1f} s until the last verdict, {wrong} of them wrong")
    print(f"memory of each server then          PSS {own:.0f} MB")
    if wrong:
        raise SystemExit("verdicts were wrong")


def kilobytes(server: Server, kind: str) -> int:
    """Of the server's process; proc_pid_smaps(5)."""
    lines = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))


def memory(server: Server) -> str:
    """RSS and PSS, in words."""
    return ", ".join(f"{kind.upper()} {kilobytes(server, kind) / 1e3:.0f} MB" for kind in ("Rss", "Pss"))


def spread(values: list[float]) -> str:
    """Median and quartiles."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.0f} (quartiles {low:.0f} .. {high:.0f})"


if __name__ == "__main__":
    main()
