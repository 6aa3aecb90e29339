"""The bank of solutions: right ones pass, wrong ones are caught, every check is needed. Proven with both tiers."""

import pytest

from socklab import catalog, dev
from socklab.grading import Options
from socklab.model import FAILED, PASSED, SKIPPED

EXERCISES = [exercise.slug for exercise in catalog.all_exercises()]


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_proof_of_an_exercise_holds(slug: str) -> None:
    """Starters fail, right solutions pass, wrong ones are caught, and no check could be left out."""
    exercise = catalog.find(slug)
    assert dev.complaints(exercise, dev.grade_bank(exercise)) == []


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_bank_is_large_enough(slug: str) -> None:
    """At least 4 right and 12 wrong solutions in each language."""
    entries = dev.bank(catalog.find(slug))
    counts = {
        (kind, suffix): sum(k == kind and p.endswith(suffix) for k, p in entries)
        for kind in ("right", "wrong")
        for suffix in (".c", ".py")
    }
    assert min(counts[("right", ".c")], counts[("right", ".py")]) >= 4
    assert min(counts[("wrong", ".c")], counts[("wrong", ".py")]) >= 12


def test_exercises_come_in_an_order_that_can_be_followed() -> None:
    """No two have the same place, and whatever is to be solved before one stands before it."""
    orders = {exercise.slug: exercise.facts["order"] for exercise in catalog.all_exercises()}
    assert len(set(orders.values())) == len(orders)
    for slug in EXERCISES:
        assert all(orders[before] < orders[slug] for before in catalog.find(slug).prerequisites)  # type: ignore[operator]


@pytest.mark.parametrize("slug", EXERCISES)
def test_no_right_solution_fails_in_the_shared_tier(slug: str) -> None:
    """Checks that need a private network are skipped there, with the reason, and never failed."""
    options = Options(tier="shared", sanitize=False)
    for _, path, report in dev.grade_bank(catalog.find(slug), kinds=(dev.RIGHT,), options=options):
        assert report.outcome == PASSED, f"{path}: {[r for r in report.results if r.outcome == FAILED]} {report.reason}"
        assert all(r.message for r in report.results if r.outcome == SKIPPED)


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_check_has_words_for_the_learner(slug: str) -> None:
    """A title in lower case, a hint, and points; those that count also say why it matters, and have a second hint."""
    for check in catalog.find(slug).checks:
        lacking = [name for name in ("why", "more") if not check.bonus and not getattr(check, name)]
        assert not lacking, f"{check.slug} has no {' and no '.join(lacking)}"
        assert len({check.hint, check.why, check.more}) == 3 or check.bonus, f"{check.slug} says the same twice"
        assert check.title
        assert check.hint
        assert check.points > 0
        assert not check.title.endswith(".")
