"""Whether verdicts stay the same: the whole bank, again and again, with every processor kept busy by other work.

    .venv/bin/python harness/benchmarks/steadiness.py [EXERCISE…] [--grades N] [--workers N] [--tier private|shared]

Each solution's first grade, on an idle machine, is what all later ones are held against. Every grade has a seed of its own,
so ports and order differ. Prints how many verdicts differ (there should be none), how many points do (some wrong solutions
spoil more or less by the order of the calls), and how many processes and folders were left.
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor

from socklab import catalog, dev, submission
from socklab.grading import Options, grade
from socklab.model import FAILED

Job = tuple[str, str, str | None]  # exercise, file, tier
Verdict = tuple[str, int, tuple[str, ...], str, str]  # outcome, points, failed checks, reason, first mistake named


def verdict(job: Job) -> Verdict:
    """Grade one file; what must not change."""
    slug, path, tier = job
    report = grade(catalog.find(slug), submission.read(path), Options(tier=tier))
    failed = tuple(r.slug for r in report.counted if r.outcome == FAILED)
    named = report.mistakes[0].slug if report.mistakes else ""
    return report.outcome, report.points, failed, report.reason, named


def busy() -> None:
    """Keep one processor busy until killed."""
    while True:
        sum(range(100_000))


def descendants() -> list[str]:
    """What still runs below this process, by name."""
    listed = subprocess.run(["ps", "-o", "comm=", "--ppid", str(os.getpid())], capture_output=True, text=True)
    return [name for name in listed.stdout.split() if name != "ps"]


def main() -> int:
    """Grade and compare; 0 if nothing differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("exercises", metavar="EXERCISE", nargs="*", help="default: all")
    parser.add_argument("--grades", type=int, default=2000, help="in all, shared out evenly among the exercises")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--tier", choices=("private", "shared"))
    parser.add_argument("--right-only", action="store_true")
    options = parser.parse_args()
    exercises = [catalog.find(slug) for slug in options.exercises] or catalog.all_exercises()
    jobs: list[Job] = []
    for exercise in exercises:
        files = [path for kind, path in dev.bank(exercise) if kind == dev.RIGHT or not options.right_only]
        share = min(len(files), max(1, options.grades // (2 * len(exercises))))
        jobs += [(exercise.slug, path, options.tier) for path in random.sample(files, share)]
    hogs = [multiprocessing.Process(target=busy, daemon=True) for _ in range(os.cpu_count() or 1)]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.environ["TMPDIR"] = folder
        with ProcessPoolExecutor(options.workers) as pool:
            first = dict(zip(jobs, pool.map(verdict, jobs, chunksize=4), strict=True))
            for hog in hogs:
                hog.start()
            by_exercise = [[job for job in jobs if job[0] == exercise.slug] for exercise in exercises]
            number = max(0, options.grades - len(jobs))
            rest = [random.choice(by_exercise[n % len(by_exercise)]) for n in range(number)]
            started = time.monotonic()
            differing = differing_points = differing_mistakes = 0
            for job, now in zip(rest, pool.map(verdict, rest, chunksize=4), strict=True):
                differing_points += now[1] != first[job][1]
                differing_mistakes += now[4] != first[job][4]
                if now[0] != first[job][0]:
                    differing += 1
                    print(
                        f"differs: {job[0]} {os.path.basename(job[1])}\n  first {first[job]}\n  now   {now}", flush=True
                    )
            taken = time.monotonic() - started
            for hog in hogs:
                hog.kill()
                hog.join()
        left = os.listdir(folder)
    print(
        f"{len(first)} grades idle, {len(rest)} grades with {len(hogs)} processors busy and {options.workers} workers, {taken:.0f} s"
    )
    print(
        f"verdicts that differ: {differing}; points that differ: {differing_points}; mistakes named that differ: {differing_mistakes}; processes left: {len(descendants())}; folders left: {len(left)}"
    )
    return 1 if differing or left or descendants() else 0


if __name__ == "__main__":
    sys.exit(main())
