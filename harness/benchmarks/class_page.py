"""What the page of a class costs: bytes, seconds to make it, memory, and how soon it opens and sorts in a real browser.

    .venv/bin/python harness/benchmarks/class_page.py [--students N] [--rounds N] [--keep FOLDER]

A class is made up of the real reports on some of the bank, journalled for N students of whom each passed or failed some checks more;
the page and the learners' pages are rendered from that gradebook, as `socklab grade` does. Memory is the most that a process had which
renders them, beside one that renders a tenth of the class. Load is from the request to the first frame after the load event, sort from
the click to the frame that shows it, and settled is when all rows are in their places. Beside them stands, in turns, what a page
with nothing in it needs to load and to show a frame, since machines are busy. Medians and the worst of all rounds are printed.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from socklab import catalog, submission
from socklab.batch import feedback
from socklab.batch.gradebook import Gradebook
from socklab.batch.outputs import html
from socklab.batch.people import Student
from socklab.batch.policy import Policy
from socklab.batch.run import Tally
from socklab.batch.sorting import HandIn
from socklab.batch.told import Told
from socklab.batch.versions import exercise_version
from socklab.grading import Options, grade
from socklab.model import FAILED, PASSED, SKIPPED
from socklab.reports.json import as_dict

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --disable-gpu "
    "--disable-dev-shm-usage"
).split()
EXERCISE = "is-port-open"
FIRST = [
    "Minji",
    "Zoë",
    "Nguyễn",
    "Ольга",
    "محمد",
    "अनिल",
    "O'Brien",
    "Jean-Luc",
    "美咲",
    "Ada",
    "Wolfeschlegelsteinhausen",
]
LAST = ["Kim", "van der Berg", "Văn An", "Иванова", "علي", "शर्मा", "Sinéad", "Picard", "田中", "Lovelace"]
SOURCES = (
    "right/blocking.c right/blocking.py wrong/never-closes.c wrong/every-failure-is-closed.c wrong/missing-htons.c "
    "wrong/leak-on-refused.c wrong/inverted-answer.py wrong/raises-on-refused.py wrong/prints-instead-of-returning.py "
    "wrong/errno-read-after-close.c wrong/sends-a-probe-byte.c"
).split()

FRAME = "new Promise(seen => requestAnimationFrame(() => setTimeout(seen)))"
SORT = f"""async at => {{
    const begun = performance.now();
    document.querySelectorAll(".box thead button")[at].click();
    await {FRAME};
    const seen = performance.now();
    while (document.querySelector(".box [aria-busy]")) await {FRAME};
    return [seen - begun, performance.now() - begun];
}}"""
EMPTY = "<!DOCTYPE html><title>empty</title><p>nothing"
EMPTY_FRAME = f"async () => {{ const begun = performance.now(); await {FRAME}; return performance.now() - begun; }}"


def bank() -> Iterator[tuple[Path, dict[str, Any], bytes]]:
    """Reports on some of the bank, and on two files that cannot be graded."""
    exercise = catalog.find(EXERCISE)
    for name in SOURCES:
        path = ROOT / "solutions" / EXERCISE / name
        if path.exists():
            read = submission.read(str(path))
            yield path, as_dict(grade(exercise, read, Options(seed=1, sanitize=False))), read.content
    broken = submission.Submission("is_port_open.c", b"int is_port_open(int port)\n{\n    return 1\n}\n")
    yield Path(broken.file), as_dict(grade(exercise, broken, Options(seed=1, sanitize=False))), broken.content


def varied(report: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same report, in which a few checks went otherwise."""
    results = [dict(each) for each in report["results"]]
    for each in results:
        if each["outcome"] != SKIPPED and chance.random() < 0.05:
            each["outcome"] = FAILED if each["outcome"] == PASSED else PASSED
    counted = [each for each in results if not each["bonus"] and each["outcome"] != SKIPPED]
    points = sum(each["points"] for each in counted if each["outcome"] == PASSED)
    failed = any(each["outcome"] != PASSED for each in counted)
    outcome = report["outcome"] if not counted else FAILED if failed else PASSED
    return report | {
        "results": results,
        "points": points,
        "outcome": outcome,
        "mistakes": report["mistakes"] if failed else [],
    }


def fill(path: str, students: int) -> None:
    """A gradebook of a class of so many."""
    chance = random.Random(1)
    reports = list(bank())
    version = exercise_version(catalog.find(EXERCISE))
    with Gradebook(path) as book:
        for number in range(students):
            source, report, content = chance.choice(reports)
            name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
            who = Student(str(2_000_000 + number), name, f"student{number}@example.com")
            hand_in = HandIn(
                who,
                f"is_port_open{source.suffix}",
                f"week1.zip: {name}/is_port_open{source.suffix}",
                "",
                late=chance.random() < 0.1,
                submitted=f"2026-03-{chance.randrange(1, 9):02}T{chance.randrange(24):02}:15:00Z",
            )
            begun = time.time()
            book.journal(
                EXERCISE, hand_in, varied(report, chance), exercise_version=version, begun=begun, content=content
            )


def rendered(path: str, page: str, pages: str) -> None:
    """Render the class, print how long that took and the most memory that was needed."""
    with Gradebook(path) as book:
        told = Told(catalog.find(EXERCISE), book, Policy(), None, (), Tally(0), path, "socklab grade", "feedback")
        begun = time.perf_counter()
        text = html.render(told)
        Path(page).write_text(text, encoding="utf-8")
        took = time.perf_counter() - begun
        page_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        number = feedback.write(pages, told)
        pages_took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(took, page_peak, number, pages_took, peak)


def in_another_process(*words: str) -> list[float]:
    """What `rendered` printed."""
    argv = [sys.executable, __file__, "--render", *words]
    return [float(each) for each in subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()]


def in_browser(page: Path, rounds: int) -> None:
    """Print milliseconds: to load the page, to sort it, and what an empty page takes."""
    from playwright.sync_api import Page, sync_playwright

    empty = page.with_name("empty.html")
    empty.write_text(EMPTY)
    found: dict[str, list[float]] = {}

    def measure(tab: Page, address: Path, of: str) -> None:
        begun = time.perf_counter()
        tab.goto(address.as_uri())
        tab.evaluate(FRAME)
        found.setdefault(f"load{of}", []).append((time.perf_counter() - begun) * 1000)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for number in range(rounds):
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            measure(tab, empty, " of an empty page")
            for _ in range(6):
                found.setdefault("a frame of it", []).append(tab.evaluate(EMPTY_FRAME))
            measure(tab, page, "")
            painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            found.setdefault("first paint", []).append(tab.evaluate(painted))
            tab.locator(".box").scroll_into_view_if_needed()
            metrics = tab.context.new_cdp_session(tab)
            metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
            for at in (2, 0, 1, 3 + number, 3 + number, 20 + number):
                before = cpu(metrics)
                seen, settled = tab.evaluate(SORT, at)
                found.setdefault("CPU of both", []).append(cpu(metrics) - before)
                found.setdefault("sort", []).append(seen)
                found.setdefault("settled", []).append(settled)
            tab.close()
        browser.close()
    for title, all_ms in found.items():
        print(f"{title:<24} {statistics.median(all_ms):5.0f} ms  (worst {max(all_ms):.0f})")


def cpu(session: Any) -> float:
    """Milliseconds that the page's main thread has computed, whatever else the machine did meanwhile."""
    return (
        next(
            each["value"]
            for each in session.send("Performance.getMetrics")["metrics"]
            if each["name"] == "TaskDuration"
        )
        * 1000
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("--render", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.render:
        rendered(*options.render)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(options.keep or name)
        folder.mkdir(exist_ok=True)
        peaks = []
        for students in (options.students // 10, options.students):
            book = os.path.join(name, f"{students}.sqlite")
            page = folder / f"class-{students}.html"
            fill(book, students)
            took, page_peak, number, pages_took, peak = in_another_process(
                book, str(page), os.path.join(name, f"{students}.zip")
            )
            peaks.append(peak)
            print(
                f"{students} students: page {page.stat().st_size / 1e6:.2f} MB in {took:.2f} s, {page_peak / 1024:.0f} MB of memory; "
                f"{number:.0f} learners' pages as a zip in {pages_took:.1f} s, {peak / 1024:.0f} MB"
            )
        print(f"memory: {peaks[1] / peaks[0]:.2f} x that of a tenth of the class (goal 1.2 x)")
        in_browser(page, options.rounds)


if __name__ == "__main__":
    main()
