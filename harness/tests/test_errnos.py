"""What an errno name means, said in half a line."""

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest

from socklab import catalog
from socklab.errnos import MEANINGS, named_in

KNOWN = {*errno.errorcode.values(), "EWOULDBLOCK", "EOPNOTSUPP"}


@pytest.mark.parametrize("name", MEANINGS)
def test_a_meaning_is_half_a_line(name: str) -> None:
    """Of a real errno, short enough to stand beside its name, and no sentence."""
    assert name in KNOWN
    assert 0 < len(MEANINGS[name]) <= 60
    assert MEANINGS[name][0].islower()
    assert not MEANINGS[name].endswith(".")


def test_what_exercises_arrange_and_speak_of_is_explained() -> None:
    """No check names an errno to a learner that the report cannot explain."""
    for exercise in catalog.all_exercises():
        text = (Path(exercise.folder) / "checks.py").read_text()
        named = set(re.findall(r"\bE[A-Z]{2,}\b", text)) & KNOWN
        assert named - set(MEANINGS) == set()


def test_each_name_is_found_once_in_the_order_of_reading() -> None:
    """Wherever it stands; other words in capitals are left alone."""
    texts = ["connect() fails with EINTR", "(EACCES), EINTR; EVERYTHING ELSE", "xEPERM EPERM2 errno=EPIPE"]
    assert list(named_in(texts)) == ["EINTR", "EACCES", "EPIPE"]
    assert named_in(["EACCES"]) == {"EACCES": MEANINGS["EACCES"]}


def test_whoever_passes_does_not_wait_for_the_table() -> None:
    """It is not loaded for a report in which nothing failed."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import sample; from socklab.reports import terminal, junit\n"
        "terminal.render_many([sample.passing_report()]); junit.render_many([sample.passing_report()])\n"
        "assert 'socklab.errnos' not in sys.modules\n"
        "terminal.render_many([sample.failing_report()])\n"
        "assert 'socklab.errnos' in sys.modules"
    )
    folder = str(Path(__file__).parent / "reports")
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
