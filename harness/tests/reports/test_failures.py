"""Which failure is told first, and what is told below it, in every format."""

import json
import re
import xml.etree.ElementTree
from collections.abc import Callable

import pytest
import sample

from socklab.model import FAILED, PASSED, SKIPPED, CheckResult, Report
from socklab.reports import _failures, html, junit, terminal
from socklab.reports import json as as_json


def failed(slug: str, **facts: object) -> CheckResult:
    """A failed check, called after its title."""
    plain = CheckResult(slug, f"the title of {slug}", FAILED, points=1, bonus=False, hint=f"hint of {slug}")
    return plain._replace(**({"tried": "f(1)", "expected": "1", "got": "0"} | facts))  # type: ignore[arg-type]


def untried(slug: str, waits_for: str, **facts: object) -> CheckResult:
    """A check that another one kept from being tried."""
    return failed(
        slug, tried="-", expected="", got="", waits_for=waits_for, message=f"Not tried: {waits_for}.", **facts
    )


PLAIN, ODD, CRASH, ROOT = failed("plain"), failed("odd"), failed("crash", broke=True), failed("root")
NEXT, LATER = untried("next", "root"), untried("later", "next")
EVERYTHING = sample.report(FAILED, results=(PLAIN, NEXT, ROOT, sample.OPEN, LATER, ODD, CRASH))


def order_in(text: str) -> list[str]:
    """The failures in the order in which a text first names their titles, which begin with a capital here and there."""
    return list(dict.fromkeys(re.findall(r"[Tt]he title of ([a-z]+)", text)))


def test_a_crash_comes_first_then_what_others_need_then_the_rest_as_it_was() -> None:
    """What crashes, hangs or misuses memory makes all else worth little; what others wait for earns most."""
    assert [f.result.slug for f in _failures.failures(EVERYTHING)] == ["crash", "root", "plain", "odd"]


def test_whoever_waits_for_one_that_waits_is_counted_at_the_root() -> None:
    """There is one thing to mend, however long the chain is."""
    found = {f.result.slug: [r.slug for r in f.waiting] for f in _failures.failures(EVERYTHING)}
    assert found == {"crash": [], "root": ["next", "later"], "plain": [], "odd": []}
    assert _failures.untried(EVERYTHING) == ()


def test_two_that_wait_for_each_other_are_told_with_a_reason() -> None:
    """An exercise that is wrong in this way makes a report all the same."""
    circle = sample.report(FAILED, results=(untried("one", "two"), untried("two", "one"), PLAIN))
    assert {r.slug for group in _failures.untried(circle) for r in group.checks} == {"one", "two"}


def test_what_waits_for_a_skipped_check_is_told_with_its_reason() -> None:
    """No failure stands for it."""
    skipped = sample.PRIVILEGED
    report = sample.report(FAILED, results=(skipped, untried("next", skipped.slug), PLAIN))
    assert [(g.reason, [r.slug for r in g.checks]) for g in _failures.untried(report)] == [("Open-port-1.", ["next"])]


def test_a_bonus_check_is_no_failure_and_waits_for_nobody() -> None:
    """It costs nothing, so it is no reason to mend anything first."""
    report = sample.report(FAILED, results=(PLAIN, ROOT, untried("extra", "root")._replace(bonus=True)))
    assert [(f.result.slug, f.waiting) for f in _failures.failures(report)] == [("plain", ()), ("root", ())]


@pytest.mark.parametrize("render", [terminal.render_many, html.render_many, junit.render_many])
def test_every_format_has_the_same_order(render: Callable[..., str]) -> None:
    """Whichever a reader looks at, the first thing to fix is the same."""
    told = [slug for slug in order_in(render([EVERYTHING])) if slug not in ("next", "later")]
    assert told == ["crash", "root", "plain", "odd"]


def test_json_says_the_order_and_keeps_the_results_in_theirs() -> None:
    """Scripts count on the exercise's order; whoever wants the other one has it by name."""
    report = json.loads(as_json.render_many([EVERYTHING]))["reports"][0]
    assert report["to_fix"] == ["crash", "root", "plain", "odd"]
    assert [r["slug"] for r in report["results"]] == [r.slug for r in EVERYTHING.results]


def test_nothing_is_lost_or_told_twice_in_reading_order() -> None:
    """All results are there, failures first, what waits right after what it waits for."""
    told = [r.slug for r in _failures.in_reading_order(EVERYTHING)]
    assert told == ["crash", "root", "next", "later", "plain", "odd", "open-port"]
    assert sorted(told) == sorted(r.slug for r in EVERYTHING.results)


# -- in a terminal -----------------------------------------------------------------------------------------------------


def test_what_waits_is_one_line_in_a_terminal() -> None:
    """Not a list as long as the exercise; --all names them."""
    text = terminal.render_many([EVERYTHING])
    assert "    2 more checks wait for this one\n" in text
    assert "the title of later" not in text
    assert "      · the title of later\n" in terminal.render_many([EVERYTHING], everything=True)


def test_a_brief_failure_says_what_waits_too() -> None:
    """The line is there wherever the failure is told."""
    several = sample.report(FAILED, results=(CRASH, *(failed(f"crash{c}", broke=True) for c in "abc"), ROOT, NEXT))
    assert "    f(1): expected 1, got 0\n    1 more check waits for this one\n" in terminal.render_many([several])


def test_failures_that_share_a_hint_are_shown_in_full_once() -> None:
    """The second would say the same again; the place is for another mistake."""
    same = [failed(f"same{c}", hint="look there") for c in "abcd"]
    text = terminal.render_many([sample.report(FAILED, results=(*same, ODD))])
    full, brief = text.split("Also failing")
    assert full.count("look there") == 1
    assert "the title of odd" in full
    assert [f"the title of same{c}" in brief for c in "abcd"] == [False, True, True, True]


def test_the_terminal_says_why_it_matters_and_names_no_message_so() -> None:
    """`why` is about the world outside; what the grader has to add is a note."""
    rows = terminal.render_many([sample.failing_report()]).split("\n")
    starts = {row[4:17].strip(): row[17:] for row in rows if row.startswith("    ") and row[4:5].isalpha()}
    assert starts["in practice"].startswith("A monitor that asks every second")
    assert starts["note"] == sample.LEAKS.message
    assert "why" not in starts


@pytest.mark.parametrize(
    ("hints", "there", "absent"),
    [
        (0, [], [sample.LEAKS.hint, sample.LEAKS.more, sample.HANGS.hint, "--hints"]),
        (1, [sample.LEAKS.hint, "--hints 2"], [sample.LEAKS.more]),
        (2, [sample.LEAKS.hint, sample.LEAKS.more], ["--hints"]),
    ],
)
@pytest.mark.parametrize("everything", [False, True])
def test_the_terminal_shows_as_many_hints_as_were_asked_for(
    hints: int, there: list[str], absent: list[str], everything: bool
) -> None:
    """With one it says, once, how to get the other."""
    text = " ".join(terminal.render_many([sample.failing_report()], hints=hints, everything=everything).split())
    assert [words for words in there if words not in text] == []
    assert [words for words in absent if words in text] == []
    assert text.count("--hints") == (hints == 1)


@pytest.mark.parametrize("hints", [0, 1, 2])
def test_hints_to_bonus_checks_follow_the_same_number(hints: int) -> None:
    """Whoever wants no hints gets none."""
    text = " ".join(terminal.render_many([sample.passing_report()], hints=hints).split())
    assert (sample.BONUS_MISSED.hint in text) is (hints > 0)


def test_a_second_hint_that_does_not_exist_is_not_offered() -> None:
    """No promise is made that asking would not keep."""
    assert "--hints" not in terminal.render_many([sample.report(FAILED, results=(PLAIN,))])


def test_json_has_all_hints_whatever_was_asked_for() -> None:
    """A script can leave out what it does not want."""
    assert as_json.render_many([EVERYTHING], hints=0) == as_json.render_many([EVERYTHING], hints=2)
    leaks = json.loads(as_json.render_many([sample.failing_report()]))["reports"][0]["results"][3]
    assert (leaks["why"], leaks["more"]) == (sample.LEAKS.why, sample.LEAKS.more)


@pytest.mark.parametrize("hints", [0, 1, 2])
def test_junit_has_the_same_words(hints: int) -> None:
    """Why it matters, hints as asked for, and what errno names mean."""
    suites = xml.etree.ElementTree.fromstring(junit.render_many([sample.failing_report()], hints=hints))
    told = next(iter(suites.iter("failure"))).text or ""
    assert f"in practice: {sample.LEAKS.why}" in told
    assert [f"hint: {words}" in told for words in (sample.LEAKS.hint, sample.LEAKS.more)] == [hints > 0, hints > 1]
    assert "ECONNREFUSED: nobody listens there" in told


def test_the_points_are_never_torn_from_their_word() -> None:
    """In a narrow terminal a title breaks before `1 point`, and no row ends in a space."""
    for width in range(40, 100):
        rows = terminal.render_many([sample.failing_report()], width=width).split("\n")
        ours = [row for row in rows if not row.startswith("        ")]  # the rest is source, as it was handed in
        assert [row for row in ours if row.endswith(" ") or row.strip() in ("point", "points")] == []
        assert "\u00a0" not in "".join(rows)


@pytest.mark.parametrize("outcome", [PASSED, FAILED, SKIPPED])
def test_a_check_without_details_is_shown_by_all(outcome: str) -> None:
    """Only a title: every format copes."""
    bare = CheckResult("bare", "something holds", outcome, points=1, bonus=False, hint="")
    report: Report = sample.report(FAILED, results=(bare, sample.LEAKS))
    for render in (terminal.render_many, html.render_many, junit.render_many, as_json.render_many):
        assert render([report], hints=2)
