"""What the tests of the gradebook write down; as a program it writes as fast as it can, until somebody ends it.

`python journalling.py FILE FIRST COUNT [FIRST COUNT …]`: journals attempts of these numbers, leaves out those that are there,
and prints the number of each as soon as journal() has returned.
"""

import sys
import time
from typing import Any

from socklab.batch.gradebook import Gradebook
from socklab.batch.intake import HandIn
from socklab.batch.people import Student

EXERCISE = "is-port-open"
KIM = Student("kim", "Kim Minji", "kim@example.org")
LEE = Student("lee", "Lee Jun")
EARLY, LATER, LAST = "2026-03-01T10:00:00Z", "2026-03-02T11:00:00Z", "2026-03-09T10:00:00Z"


def handed_in(student: Student = KIM, **more: Any) -> HandIn:
    """As intake gives it."""
    return HandIn(**{"student": student, "file": "is_port_open.c", "origin": "week1.zip: kim/a.c", "path": "", **more})


def report(content: str = "a", points: int = 6, outcome: str = "failed", **more: Any) -> dict[str, Any]:
    """A report as reports/json.py renders it, as far as the gradebook looks into it, and about as long."""
    judged = outcome in ("passed", "failed")
    return {
        "exercise": EXERCISE,
        "sha256": content,
        "version": "0.1.0",
        "seed": 7,
        "tier": "private",
        "outcome": outcome,
        "points": points if judged else 0,
        "possible": 10 if judged else 0,
        "bonus_points": 0,
        "seconds": 0.25,
        "results": [{"slug": f"check-{n}", "message": f"attempt {content} closed {n} descriptors"} for n in range(40)],
        **more,
    }


def journal(book: Gradebook, hand_in: HandIn, graded: dict[str, Any], **more: Any) -> bool:
    """Journal with what most tests do not care about."""
    return book.journal(EXERCISE, hand_in, graded, **{"exercise_version": "v1", "begun": time.time(), **more})


def main() -> None:
    """See above."""
    path, *spans = sys.argv[1:]
    with Gradebook(path) as book:
        for first, count in zip(spans[::2], spans[1::2], strict=True):
            for number in range(int(first), int(first) + int(count)):
                student = Student(f"s{number:05}", f"Student {number}")
                if not book.already(student, EXERCISE, f"c{number}", "v1", "0.1.0"):
                    journal(book, handed_in(student), report(f"c{number}"))
                    print(number, flush=True)


if __name__ == "__main__":
    main()
