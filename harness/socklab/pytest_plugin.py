"""A pytest plugin: the checks of an exercise as test items, one a check, with the messages of the report.

    pytest exercises/is-port-open/checks.py --submission is_port_open.c

or, with the exercise inferred from the file's name, `pytest --submission is_port_open.c`. The submission is graded once,
in a cell, exactly as `socklab check` does it; the items only report.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from . import catalog, submission
from .errors import SocklabError, UsageError
from .grading import Options, grade, seed_from
from .model import FAILED, HARNESS_ERROR, SKIPPED, UNGRADABLE, CheckResult, Report
from .reports._failures import in_reading_order


def pytest_addoption(parser: pytest.Parser) -> None:
    """--submission and its companions."""
    group = parser.getgroup("socklab", "grade a submission with socklab")
    group.addoption("--submission", metavar="FILE", help="the file to grade; its checks become test items")
    group.addoption("--exercise", metavar="EXERCISE", help="the exercise it is for, if its name does not tell")
    group.addoption("--socklab-seed", metavar="N", help="ports and order of the checks")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """The submission, when pytest comes across it, is a set of checks and nothing else: never a module to import."""
    found = yield
    wanted = parent.config.getoption("--submission")
    if wanted and file_path == Path(wanted).resolve():
        return [SubmissionFile.from_parent(parent, path=file_path)]
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Have pytest come across the submission."""
    wanted = config.getoption("--submission")
    if wanted:
        try:
            submission.read(wanted)
            seed = config.getoption("--socklab-seed")
            _ = seed is None or seed_from(seed)
        except UsageError as error:
            raise pytest.UsageError(f"--submission: {error}") from error
        except SocklabError:
            pass  # what is wrong with the file is said where its checks would be
        config.args[:] = [str(Path(wanted).resolve())]


class SubmissionFile(pytest.File):
    """One submission; graded when its first item is made."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item a check, or a single one that says why there are none."""
        try:
            report = self.report()
        except SocklabError as error:
            raise self.CollectError(str(error)) from error
        if report.outcome in (UNGRADABLE, HARNESS_ERROR):
            yield WholeItem.from_parent(self, name=report.outcome, report=report)
        for result in in_reading_order(report):
            yield CheckItem.from_parent(self, name=result.slug, report=report, result=result)

    def report(self) -> Report:
        """Grade the file."""
        named = self.config.getoption("--exercise")
        seed = self.config.getoption("--socklab-seed")
        options = Options(seed=None if seed is None else seed_from(seed))
        exercise = catalog.find(named) if named else catalog.infer(str(self.path))
        return grade(exercise, submission.read(str(self.path)), options)


class NotMet(Exception):
    """A check that failed, or a submission that cannot be graded; the text is what the learner reads."""


class _Item(pytest.Item):
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Only the message: the traceback would show socklab, not the submission."""
        if isinstance(excinfo.value, NotMet):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))


class WholeItem(_Item):
    """Stands for a submission without results."""

    def __init__(self, *, report: Report, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.graded = report

    def runtest(self) -> None:
        """Fail with the reason."""
        raise NotMet(f"{self.graded.outcome}: {self.graded.reason}")

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is listed."""
        return self.path, 0, self.graded.outcome


class CheckItem(_Item):
    """One check."""

    def __init__(self, *, report: Report, result: CheckResult, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.graded = report
        self.result = result

    def runtest(self) -> None:
        """Pass, skip or fail as the report says; a bonus that is not earned is skipped."""
        if self.result.outcome == SKIPPED:
            pytest.skip(self.result.message)
        if self.result.outcome == FAILED and self.result.bonus:
            pytest.skip("bonus not earned; nothing is lost")
        if self.result.outcome == FAILED:
            from .reports import terminal

            raise NotMet(terminal.one_failure(self.graded, self.result))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is listed: the line that its first recorded call names, if any."""
        line = next((call.line for call in self.result.calls if call.line), 1)
        return self.path, line - 1, f"{self.result.slug}: {self.result.title}"
