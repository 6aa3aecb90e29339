"""How long one grade takes, as a ratio to its floor in the same run.

    .venv/bin/python harness/benchmarks/speed.py [--rounds N]

Floor and command run in turns, so that a machine that slows down slows both; the ratio is taken pair by pair and the
median is printed, with its quartiles. The floors: one bare gcc of the same file, one bare Python that does nothing.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RIGHT = os.path.join(ROOT, "solutions", "is-port-open", "right")
PYTHON = sys.executable
SOCKLAB = os.path.join(os.path.dirname(PYTHON), "socklab")
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""As on anybody's machine: what Python has compiled once it keeps."""

GCC = ["gcc", "-g", "-Wall", "-Wextra", "-shared", "-fPIC"]


def seconds(argv: list[str]) -> float:
    """Wall time of one run of `argv`, which must pass or fail as grades do."""
    started = time.perf_counter()
    ended = subprocess.run(argv, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(argv)} ended with {ended.returncode}")
    return time.perf_counter() - started


def pair(title: str, command: list[str], floor: list[str], rounds: int, limit: float = 0) -> None:
    """Print the ratio of `command` to `floor` over `rounds` pairs, and the goal if there is one."""
    seconds(command), seconds(floor)
    pairs = [(seconds(command), seconds(floor)) for _ in range(rounds)]
    ratios = sorted(a / b for a, b in pairs)
    low, middle, high = statistics.quantiles(ratios, n=4)
    command_ms, floor_ms = (statistics.median(column) * 1e3 for column in zip(*pairs, strict=True))
    goal = f"goal {limit} x; " if limit else ""
    print(
        f"{title:<34} {middle:5.2f} x floor  (quartiles {low:.2f} .. {high:.2f}; {goal}{command_ms:.0f} ms against {floor_ms:.0f} ms)"
    )


def calls(rounds: int) -> None:
    """Print what one more call costs in an open cell, with everything that is looked at around it."""
    from socklab import catalog, grading, submission
    from socklab.session import Plan, Session
    from socklab.turns import Turns
    from socklab.vocabulary import check, expect
    from socklab.workshop import Workshop

    @check(points=1, hint="")
    def many_single_calls(program, scene):  # type: ignore[no-untyped-def]
        """each call on its own, with its listener and what was recorded"""
        with scene.listener() as peer:
            started = time.perf_counter()
            for _ in range(rounds):
                expect(program.call(peer.port)).to_return(1)
            scene.arranged.append(str((time.perf_counter() - started) / rounds * 1e6))

    for name in ("blocking.c", "blocking.py"):
        path = os.path.join(RIGHT, name)
        job = grading.Job(Workshop(catalog.infer(path), submission.read(path), sanitize=False), grading.Options())
        try:
            build = job.workshop.build()
            build.wait()
            plan = Plan(
                checks=(many_single_calls,),
                name="is_port_open",
                parameters=1,
                launch=build.launch,
                tier=job.workshop.tier,
                folder=job.workshop.folder,
                seed=1,
                interpreter=job.language.interpreter,
                recorded=True,
                sanitized=False,
                no_sanitizer="",
                turns=Turns((many_single_calls,), 1),
            )
            session = Session(plan)
            job.sessions.append(session)
            session.go()
            for kind, content in session.messages():
                if kind == "result":
                    print(f"{'one more call, ' + name:<34} {float(content['arranged'][-1]):5.0f} µs  (goal 200 µs)")
        finally:
            job.close()


WITHOUT_FILTER = "confinement.load = lambda tier, programs=False: None; "
LOAD = "from socklab.cell import confinement; "
RUN = "import sys; sys.argv[0] = 'socklab'; from socklab.__main__ import command; command()"


def filters(rounds: int) -> None:
    """Print what the filter of system calls adds to a grade."""
    for name in ("blocking.c", "blocking.py"):
        words = ["check", "--no-sanitizer", os.path.join(RIGHT, name)]
        without = [PYTHON, "-c", LOAD + WITHOUT_FILTER + RUN, *words]
        pair(f"with the filter, {name}", [PYTHON, "-c", LOAD + RUN, *words], without, rounds, 1.05)


def whole_grades(rounds: int) -> None:
    """Print how long a full grade of each exercise takes: the median of its right solutions, and the longest."""
    from socklab import catalog, dev

    for exercise in catalog.all_exercises():
        right = [path for kind, path in dev.bank(exercise) if kind == dev.RIGHT]
        for suffix in (".c", ".py"):
            files = [path for path in right if path.endswith(suffix)]
            taken = [seconds([SOCKLAB, "check", exercise.slug, path]) for path in files[: max(1, rounds // 4)]]
            title = f"{exercise.slug}, {suffix[1:]}"
            print(
                f"{title:<34} {statistics.median(taken):5.2f} s  (longest {max(taken):.2f} s, of {len(taken)} right ones)"
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    c, py = os.path.join(RIGHT, "blocking.c"), os.path.join(RIGHT, "blocking.py")
    with tempfile.TemporaryDirectory() as folder:
        ENVIRONMENT["XDG_STATE_HOME"] = folder  # what is graded here is not what this machine's user did
        gcc = [*GCC, c, "-o", os.path.join(folder, "floor.so")]
        pair("C, all checks and sanitizer build", [SOCKLAB, "check", c], gcc, rounds, 2.5)
        pair("C, without the sanitizer build", [SOCKLAB, "check", "--no-sanitizer", c], gcc, rounds, 2.0)
        pair("Python, all checks", [SOCKLAB, "check", py], [PYTHON, "-I", "-c", "pass"], rounds, 8.0)
        failing = os.path.join(os.path.dirname(RIGHT), "wrong", "errno-read-after-close.c")
        for title, words in (("C, failing, diagnosed", []), ("C, failing, as a page", ["--format", "html"])):
            pair(title, [SOCKLAB, "check", "is-port-open", failing, *words], gcc, rounds)
        whole_grades(rounds)
    filters(rounds)
    calls(300)


if __name__ == "__main__":
    main()
