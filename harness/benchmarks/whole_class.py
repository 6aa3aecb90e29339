"""What `socklab grade` costs a class, and whether it is right: speed, memory, verdicts, and a class of 300 in each layout.

    .venv/bin/python harness/benchmarks/whole_class.py speed|memory|verdicts|layouts [--students N]

speed      200 submissions, C with and without the build with sanitizers and Python, against as many bare runs of gcc, or of a
           Python that does nothing, by `xargs -P`; floor and class run in turns, the median of the ratios is printed.
memory     the most memory that any process of the command had, with 200 and with 2,000 submissions.
verdicts   the whole bank of all exercises under `grade` with 1, 2 and 8 workers, against `check`.
layouts    a made-up class with its accidents, as each LMS would have it downloaded; verdicts against those that are known.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from socklab import catalog, dev
from socklab.batch.gradebook import Gradebook
from socklab.batch.policy import Policy
from socklab.batch.results import results
from socklab.reports.json import from_dict

ROOT = Path(__file__).resolve().parents[2]
SOCKLAB = os.path.join(os.path.dirname(sys.executable), "socklab")
GCC = "gcc -g -Wall -Wextra -shared -fPIC -o /dev/null"
PROCESSORS = str(len(os.sched_getaffinity(0)))

FIRST = ["Minji", "Zoë", "Nguyễn", "Ольга", "محمد", "अनिल", "O'Brien", "Jean-Luc", "美咲", "Ada"]
LAST = ["Kim", "van der Berg", "Văn An", "Иванова", "علي", "शर्मा", "Sinéad", "Picard", "田中", "Lovelace"]


def solutions(exercise: str, kind: str, suffix: str) -> list[Path]:
    """Files of the bank, sorted."""
    return sorted((ROOT / "solutions" / exercise / kind).glob(f"*{suffix}"))


def graded(folder: Path, sources: Iterable[Path], *words: str, exercise: str = "is-port-open") -> dict[str, object]:
    """What `socklab grade … --format json` says, with a gradebook that is new."""
    book = folder / f"book-{time.monotonic_ns()}.sqlite"
    argv = [SOCKLAB, "grade", exercise, *map(str, sources), "--gradebook", str(book), "--format", "json", *words]
    ended = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ended.returncode not in (0, 4):
        raise SystemExit(f"{' '.join(argv)} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    return json.loads(ended.stdout)


# -- speed -----------------------------------------------------------------------------------------------------------


def speed(students: int, rounds: int) -> None:
    """Print the three ratios."""
    for title, suffix, words, goal in (
        ("C, no sanitizer build", ".c", ("--no-sanitizer",), 1.4),
        ("C, with sanitizer build", ".c", (), 3.0),
        ("Python", ".py", (), 3.0),
    ):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            files = class_of(folder / "class", students, solutions("is-port-open", "right", suffix))
            listed = folder / "files"
            listed.write_text("\0".join(map(str, files)))
            command = (
                f"{GCC} -I{ROOT}/exercises/is-port-open {{}}" if suffix == ".c" else f"{sys.executable} -I -c pass"
            )
            floor = [
                "xargs",
                "-0",
                "-a",
                str(listed),
                "-P",
                PROCESSORS,
                "-I{}",
                "sh",
                "-c",
                f"exec {command} 2>/dev/null",
            ]
            pairs = []
            for _ in range(rounds):
                bare = seconds(lambda argv=floor: subprocess.run(argv, check=True))
                whole = seconds(lambda at=folder, w=words: graded(at, [at / "class"], *w))
                pairs.append((whole, bare))
            ratios = [whole / bare for whole, bare in pairs]
            whole, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(
                f"{students} x {title:<24} {statistics.median(ratios):5.2f} x floor  (of {rounds}: {min(ratios):.2f} .. "
                f"{max(ratios):.2f}; goal {goal} x; {whole:.1f} s against {bare:.1f} s)",
                flush=True,
            )


def class_of(folder: Path, students: int, bank: list[Path]) -> list[Path]:
    """A folder a student with one of `bank`, in turn; each differs by a comment, so that none is the same as another."""
    files = []
    for number in range(students):
        source = bank[number % len(bank)]
        mark = f"\n// {number}\n" if source.suffix == ".c" else f"\n# {number}\n"
        path = folder / f"student{number}" / f"is_port_open{source.suffix}"
        path.parent.mkdir(parents=True)
        path.write_bytes(source.read_bytes() + mark.encode())
        files.append(path)
    return files


def seconds(run: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


# -- memory ----------------------------------------------------------------------------------------------------------


def memory() -> None:
    """Print the most that the command's own process held, and the ratio."""
    most = {}
    for students in (200, 2000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            class_of(folder / "class", students, solutions("is-port-open", "right", ".py"))
            argv = [SOCKLAB, "grade", "is-port-open", str(folder / "class"), "--gradebook", str(folder / "book.sqlite")]
            process = subprocess.Popen([*argv, "--format", "csv", "--output", str(folder / "marks.csv")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            if status:
                raise SystemExit(f"{' '.join(argv)} ended with {status}")
            most[students] = usage.ru_maxrss / 1024
            print(f"{students} submissions: {most[students]:.1f} MiB at most", flush=True)
    print(f"ratio {most[2000] / most[200]:.2f} (goal 1.2)")


# -- verdicts --------------------------------------------------------------------------------------------------------


def verdicts(exercises: list[str]) -> int:
    """Print how many verdicts of the bank differ between `check` and `grade`; 0 if none does."""
    differ = 0
    for exercise in map(catalog.find, exercises or [each.slug for each in catalog.all_exercises()]):
        proofs = dev.grade_bank(exercise)
        bank = [proof.path for proof in proofs]
        wanted = {f"s{number}": proof.report.outcome for number, proof in enumerate(proofs)}
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for number, path in enumerate(bank):
                own = folder / "class" / f"s{number}"
                own.mkdir(parents=True)
                (own / os.path.basename(path)).write_bytes(Path(path).read_bytes())
            for workers in (1, 2, 8):
                argv = ("--workers", str(workers))
                told = graded(folder, [folder / "class"], *argv, exercise=exercise.slug)
                found = {each["student"]: each["verdict"] for each in told["results"]}  # type: ignore[index, attr-defined]
                others = [who for who in wanted if wanted[who] != found.get(who)]
                differ += len(others)
                print(f"{exercise.slug}, {workers} workers: {len(found)} verdicts, {len(others)} differ", flush=True)
                for who in others:
                    print(f"  {bank[int(who[1:])]}: {found.get(who)}: {why(folder, exercise.slug, who)}", flush=True)
    return 1 if differ else 0


def why(folder: Path, exercise: str, who: str) -> str:
    """What failed there in the last of the gradebooks."""
    book = Gradebook(str(max(folder.glob("book-*.sqlite"))))
    report = next(each.report for each in results(book, exercise, Policy(), reports=True) if each.student.id == who)
    return dev.reasons(from_dict(report)) if report else "there is no report"


# -- layouts ---------------------------------------------------------------------------------------------------------


class Person(NamedTuple):
    """Somebody of the made-up class, what they hand in, and the verdicts that are due; of an accident none."""

    number: int
    name: str
    id: str
    login: str
    file: str
    content: bytes
    due: tuple[str, ...]


def a_class(students: int) -> list[Person]:
    """A class: mostly right and wrong solutions, some that do not compile, and accidents."""
    some = random.Random(7)
    right = [path for suffix in (".c", ".py") for path in solutions("is-port-open", "right", suffix)]
    wrong = [path for suffix in (".c", ".py") for path in solutions("is-port-open", "wrong", suffix)]
    people = []
    for n in range(students):
        path, due = (some.choice(right), ("passed",)) if n % 3 else (some.choice(wrong), ("failed", "ungradable"))
        file, content = f"is_port_open{path.suffix}", path.read_bytes()
        if n % 50 == 7:
            file, content, due = "is_port_open.c", b"int is_port_open(int port) {\n    return 1\n}\n", ("ungradable",)
        if n % 50 == 9:
            file, content, due = "essay.pdf", b"%PDF-1.7 nothing", ()
        if n % 50 == 19:
            content, due = b"", ()
        name = f"{FIRST[n % 10]} {LAST[n // 10 % 10]}"  # every hundred, the same names again
        people.append(Person(n, name, str(2_000_000 + n), f"user-{n}", file, content, due))
    return people


def moodle(people: list[Person]) -> Iterator[tuple[str, bytes]]:
    """As Moodle's "Download all submissions" has it."""
    for one in people:
        yield f"{one.name}_{one.id}_assignsubmission_file/{one.file}", one.content


def canvas(people: list[Person]) -> Iterator[tuple[str, bytes]]:
    """As Canvas's "Download Submissions" has it: sortable name, LATE, ids, resubmission number."""
    for one in people:
        first, last = one.name.split(" ", 1)
        sortable = "".join(c for c in f"{last}{first}".lower() if c == "_" or unicodedata.category(c)[0] in "LMN")
        stem, suffix = os.path.splitext(one.file)
        again = "-2" if one.number % 11 == 0 else ""
        late = "LATE_" if one.number % 7 == 0 else ""
        yield f"{sortable}_{late}{one.id}_{9_000_000 + one.number}_{stem}{again}{suffix}", one.content


def nbgrader(people: list[Person]) -> Iterator[tuple[str, bytes]]:
    """A course folder's submitted/ tree."""
    for one in people:
        yield f"course/submitted/{one.login}/is-port-open/{one.file}", one.content
        yield f"course/submitted/{one.login}/is-port-open/timestamp.txt", b"2026-03-01 09:00:00 Asia/Seoul"


def github(people: list[Person]) -> Iterator[tuple[str, bytes]]:
    """Clones as GitHub Classroom's assistant makes them."""
    for one in people:
        yield f"is-port-open-submissions/is-port-open-{one.login}/{one.file}", one.content
        yield f"is-port-open-submissions/is-port-open-{one.login}/README.md", b"# Homework\n"
        yield f"is-port-open-submissions/is-port-open-{one.login}/.git/HEAD", b"ref: refs/heads/main\n"


def gradescope(people: list[Person]) -> Iterator[tuple[str, bytes]]:
    """An export of submissions with its metadata."""
    lines = ["---"]
    for one in people:
        name = one.name.replace("'", "''")
        lines += [f"submission_{one.number}:", "  :submitters:", f"  - :name: '{name}'", f"    :sid: '{one.id}'", f"    :email: {one.login}@example.com", "  :created_at: 2026-03-01 02:52:11.938335000 Z"]  # fmt: skip
        yield f"assignment_1_export/submission_{one.number}/{one.file}", one.content
    yield "assignment_1_export/submission_metadata.yml", "\n".join(lines).encode() + b"\n"


def plain(people: list[Person]) -> Iterator[tuple[str, bytes]]:
    """A folder a student."""
    for one in people:
        yield f"week3/{one.id} {one.name}/{one.file}", one.content


LAYOUTS = (moodle, canvas, nbgrader, github, gradescope, plain)


def layouts(students: int) -> int:
    """Print for each layout what came out against what was due; 0 if all is as due."""
    people = a_class(students)
    wrong = 0
    for layout in LAYOUTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            roster = folder / "roster.csv"
            lines = [f'{one.id},"{one.name}",{one.login},{one.login}@example.com' for one in people]
            roster.write_text("\n".join(["id,name,login,email", *lines]) + "\n", encoding="utf-8")
            with zipfile.ZipFile(folder / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for path, content in layout(people):
                    archive.writestr(path, content)
            started = time.perf_counter()
            told = graded(folder, [folder / "class.zip"], "--roster", str(roster))
            took = time.perf_counter() - started
            results = {each["student"]: each for each in told["results"]}  # type: ignore[attr-defined]
            other = [
                f"{one.name} ({one.id}): {' or '.join(one.due) or 'told as trouble'} was due, it is {results.get(one.id, {}).get('verdict')}"
                for one in people
                if results.get(one.id, {}).get("verdict") not in (one.due or ("missing",))
                or (not one.due and "Not graded" not in results[one.id]["note"])
            ]
            counts = Counter(each["verdict"] for each in results.values())
            print(
                f"{layout.__name__:<11} {len(results)} students, {dict(sorted(counts.items()))}, {len(told['troubles'])} told "  # type: ignore[arg-type]
                f"as trouble, {len(other)} other than due, {took:.0f} s",
                flush=True,
            )
            print(
                *(f"    {line}" for line in other[:20]),
                sep="\n" if other else "",
                end="\n" if other else "",
                flush=True,
            )
            wrong += len(other)
    return 1 if wrong else 0


def main() -> int:
    """Measure what is asked for; not 0 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "memory", "verdicts", "layouts"))
    parser.add_argument("exercises", metavar="EXERCISE", nargs="*", help="for verdicts; default: all")
    parser.add_argument("--students", type=int, help="default: 200 for speed, 300 for layouts")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.what == "speed":
        speed(options.students or 200, options.rounds)
    elif options.what == "memory":
        memory()
    elif options.what == "verdicts":
        return verdicts(options.exercises)
    else:
        return layouts(options.students or 300)
    return 0


if __name__ == "__main__":
    sys.exit(main())
