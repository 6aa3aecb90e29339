"""`socklab doctor`: what this machine offers, what each missing thing costs, and the command that mends it.

It tries things for real: it compiles and grades a three-line program in each language and opens a private network, rather
than asking for version numbers.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from . import languages
from .cell import confinement, native
from .cell.process import permit_descriptors
from .cell.sandbox import PRIVATE, SHARED, Folder, Sandbox, Unavailable, find_bubblewrap, unprivileged_user
from .errors import SetupError, SocklabError
from .i18n import tr
from .session import Plan, Session
from .turns import Turns
from .vocabulary import check, expect

GOOD, BAD = "✓", "✗"

EDITOR_PARTS = Path(__file__).parent / "editor" / "assets" / "pinned.toml"
"""The list of CodeMirror's modules, which the build hook (harness/build/codemirror.py) lays down with them."""


class Finding(NamedTuple):
    """One thing looked at. `cost` and `remedy` are for what is missing; `grades`: whether grading needs it."""

    good: bool
    what: str
    cost: str = ""
    remedy: str = ""
    grades: bool = True


@check(points=1, hint="")
def _answers(program, scene) -> None:  # type: ignore[no-untyped-def]
    """a three-line function returns what it should"""
    expect(program.call(41)).to_return(42)


def examine() -> int:
    """Look at everything and print it; 0 if C and Python can be graded in the private tier, else 4."""
    findings = list(_findings())
    for finding in findings:
        print(f"{GOOD if finding.good else BAD} {tr(finding.what)}")
        if not finding.good:
            print(tr("    costs: {what}", what=tr(finding.cost)))
            print(tr("    mend:  {what}", what=tr(finding.remedy)))
    graded = all(finding.good for finding in findings if finding.grades)
    if not graded:
        told = tr("submissions are still graded where they can be; every report names its tier")
    elif not all(finding.good for finding in findings):
        told = tr("all is well with grading")
    else:
        told = tr("all is well")
    print(f"\n{told}")
    return 0 if graded else 4


def _findings() -> Iterator[Finding]:
    yield Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}, {sys.executable}")
    try:
        permit_descriptors()
    except SetupError as error:
        yield Finding(False, "too few files may be open at once", "nothing can be graded", str(error))
        return
    compiler = native.find_compiler()
    yield Finding(
        compiler is not None,
        f"C compiler: {compiler}" if compiler else "no C compiler",
        "C submissions cannot be graded; calls of Python ones are not recorded, and some checks are skipped",
        "sudo apt-get install -y gcc libc6-dev",
    )
    if compiler:
        yield from _native(compiler)
    bubblewrap = find_bubblewrap()
    yield Finding(
        bubblewrap is not None,
        f"bubblewrap: {bubblewrap}" if bubblewrap else "no bubblewrap",
        "submissions run in the shared tier: less contained, and about half of the checks are skipped",
        "sudo apt-get install -y bubblewrap",
    )
    yield Finding(
        confinement.load(PRIVATE) is not None,
        "libseccomp: a filter of system calls" if confinement.load(PRIVATE) else "no libseccomp",
        "no system call is refused to submissions, so the rest of the cell alone contains them",
        "sudo apt-get install -y libseccomp2",
    )
    for language in languages.all_languages():
        if language.name != "c" or compiler:
            tiers = [PRIVATE, SHARED] if bubblewrap else [SHARED]
            yield from (_graded(language, tier) for tier in tiers)
    yield _editor()


def _editor() -> Finding:
    """Whether the page of `socklab serve` has its editor: it is fetched when socklab is built, where that can be done."""
    try:
        with open(EDITOR_PARTS, "rb") as file:
            pinned = tomllib.load(file)
    except OSError:
        return Finding(
            False,
            "no CodeMirror, the editor of `socklab serve`",
            "its page has a plain text field: no colours, and no marks beside the lines",
            "with a network: uv sync --reinstall-package socklab   (by pip: install it again with --force-reinstall --no-deps)",
            grades=False,
        )
    return Finding(True, f"CodeMirror: the editor of `socklab serve`, {len(pinned)} modules", grades=False)


def _native(compiler: str) -> Iterator[Finding]:
    try:
        parts = native.load(compiler, afresh=True)
    except SocklabError as error:
        yield Finding(
            False,
            "the recorder does not compile",
            "nothing can be graded in C",
            f"sudo apt-get install -y libc6-dev   ({error})",
        )
        return
    yield Finding(True, "the recorder compiles")
    yield Finding(
        parts.sanitized is not None,
        "AddressSanitizer and UBSan" if parts.sanitized else "no AddressSanitizer",
        "the memory check of C submissions is skipped",
        "sudo apt-get install -y gcc   (its libgcc package brings libasan)",
    )


def _graded(language: languages.Language, tier: str) -> Finding:
    """Build and call a three-line program in `tier`."""
    what = f"a three-line program in {language.name} is built, called and answers, in the {tier} tier"
    cost = (
        "submissions run in the shared tier: less contained, and some checks are skipped"
        if tier == PRIVATE
        else "nothing can be graded"
    )
    folder = Folder(unprivileged_user())
    cleanup: list[Callable[[], None]] = [folder.remove]
    try:
        source = f"self-test{language.suffixes[0]}"
        build = language.begin(Sandbox(tier, folder), language.SELF_TEST.encode(), source, None, sanitized=False)
        cleanup.insert(0, build.cancel)
        recorded = "recorder.so" in build.launch.files
        plan = Plan(
            (_answers,),
            "answer",
            1,
            build.launch,
            tier,
            folder,
            0,
            language.interpreter,
            recorded,
            False,
            "",
            Turns((_answers,), 0),
        )
        session = Session(plan)
        cleanup.insert(0, session.close)
        built, messages = build.wait()
        if not built:
            return Finding(False, what, cost, f"the compiler says: {messages[0].message if messages else 'nothing'}")
        session.go()
        for kind, content in session.messages():
            if kind == "result" and content["outcome"] == "passed":
                return Finding(True, what)
            if kind in ("unavailable", "harness-error", "not-loaded"):
                return Finding(False, what, cost, _remedy(str(content)))
        return Finding(False, what, cost, "it gave a wrong answer; please report this")
    except Unavailable as reason:
        return Finding(False, what, cost, _remedy(str(reason)))
    except SocklabError as error:
        return Finding(False, what, cost, str(error))
    finally:
        for undo in cleanup:
            undo()


_SWITCHES = {
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    "/proc/sys/user/max_user_namespaces": ("0", "sudo sysctl user.max_user_namespaces=10000"),
}


def _remedy(reason: str) -> str:
    """The command that permits namespaces, if a known switch forbids them."""
    for path, (forbidding, command) in _SWITCHES.items():
        try:
            with open(path) as file:
                if file.read().strip() == forbidding:
                    return f"{command}   ({reason})"
        except OSError:
            continue
    container = " In a container, start it with user namespaces permitted." if os.path.exists("/.dockerenv") else ""
    return f"{reason}.{container}"
