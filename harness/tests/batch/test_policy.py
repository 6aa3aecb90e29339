"""Which attempt counts, what being late costs, what was changed by hand: each step right, and told in words."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from journalling import EXERCISE, KIM

from socklab.batch.attempts import Adjustment, Attempt, Grade, Past, Withdrawal
from socklab.batch.policy import LateRule, Policy, decide, due_date, late_rule, rounded
from socklab.errors import UsageError

DUE = "2026-03-01T23:59:00+09:00"
IN_TIME, JUST, LATE_BY_A_MINUTE = "2026-03-01T10:00:00Z", "2026-03-01T14:59:00Z", "2026-03-01T15:00:00Z"
LATE_BY_A_DAY, LATE_BY_TWO, LATE_BY_TEN = "2026-03-02T14:59:00Z", "2026-03-03T12:00:00Z", "2026-03-11T14:58:00Z"
RULE = "10% per day, at most 50%, refused after 9 days"


def grade(points: int, outcome: str = "failed", possible: int = 10, bonus: int = 0) -> Grade:
    """A grade of which only this matters."""
    possible = possible if outcome in ("passed", "failed") else 0
    return Grade(1, "a", "v1", "0.1.0", 0, 7, "private", outcome, points, possible, bonus, "", "", 0.2)


def attempt(number: int, *grades: Grade, submitted: str = IN_TIME, late: bool = False, arrived: str = "") -> Attempt:
    """An attempt with these grades."""
    return Attempt(number, "a", "f.c", "f.c", late, submitted, arrived, grades)


def adjustment(change: str, withdrawn: Withdrawal | None = None) -> Adjustment:
    """Somebody's change of points."""
    return Adjustment(1, change, "a note", "Park", "", withdrawn)


def decided(*attempts: Attempt, which: str = "best", due: str = DUE, late: str = RULE, changes: Any = ()) -> Any:
    """What they are worth."""
    policy = Policy(which, due_date(due) if due else None, late_rule(late) if late else LateRule())
    return decide(Past(KIM, EXERCISE, attempts, tuple(changes)), policy, usual=12)


# -- which attempt ---------------------------------------------------------------------------------------------------


def test_best_and_last() -> None:
    """Each says how many there are; of equals the first counts."""
    attempts = attempt(1, grade(6)), attempt(2, grade(8)), attempt(3, grade(8)), attempt(4, grade(5))
    best, last = decided(*attempts), decided(*attempts, which="last")
    assert (best.attempt.number, best.points, best.note) == (2, 8, "Of 4 attempts the best counts: number 2.")
    assert (last.attempt.number, last.points, last.note) == (4, 5, "Of 4 attempts the last counts: number 4.")
    assert decided(attempts[0]).note == ""


def test_best_is_what_is_worth_most_after_the_late_rule() -> None:
    """Nobody loses by handing in once more."""
    late = decided(attempt(1, grade(6)), attempt(2, grade(7), submitted=LATE_BY_TWO))
    assert (late.attempt.number, late.points, late.late) == (1, 6, False)
    much = decided(attempt(1, grade(6)), attempt(2, grade(10, "passed"), submitted=LATE_BY_TWO))
    assert (much.attempt.number, much.points, much.late, much.verdict) == (2, 8, True, "passed")


def test_best_goes_by_share_where_fewer_checks_could_run() -> None:
    """7 of 7 are better than 8 of 10; a file that builds is better than one that does not."""
    assert decided(attempt(1, grade(8)), attempt(2, grade(7, "passed", 7))).attempt.number == 2
    assert decided(attempt(1, grade(0, "ungradable")), attempt(2, grade(0))).attempt.number == 2


def test_an_error_of_ours_is_never_a_mark() -> None:
    """The best is another one; if the last is one, that is said; a grade that was there before stays."""
    trouble = grade(0, "harness-error")
    assert decided(attempt(1, grade(0, "ungradable")), attempt(2, trouble)).verdict == "ungradable"
    last = decided(attempt(1, grade(6)), attempt(2, trouble), which="last")
    assert (last.verdict, last.points, last.possible) == ("harness-error", 0, 12)
    assert "an error of ours: this is no mark" in last.note
    again = decided(attempt(1, grade(4), grade(6), trouble))
    assert (again.verdict, again.points) == ("failed", 6)
    assert again.note == (
        "It was graded 2 times: the newest grade counts. "
        "Grading it once more ended in an error of ours, which changes nothing."
    )


def test_who_handed_in_nothing_is_missing() -> None:
    """With the points that there are to earn, as has what does not build."""
    missing = decided()
    assert (missing.verdict, missing.points, missing.possible, missing.attempt) == ("missing", 0, 12, None)
    assert missing.note == "Nothing was handed in."
    assert decided(attempt(1, grade(0, "ungradable"))).possible == 12


# -- late ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "points", "note"),
    [
        (IN_TIME, 7, ""),
        (JUST, 7, ""),
        (LATE_BY_A_MINUTE, 6.3, "Late by 1 minute: -10 % (1 day begun), 7 -> 6.3 points."),
        (LATE_BY_A_DAY, 6.3, "Late by 1 day: -10 % (1 day begun), 7 -> 6.3 points."),
        (LATE_BY_TWO, 5.6, "Late by 1 day 21 hours: -20 % (2 days begun), 7 -> 5.6 points."),
        ("2026-03-08T00:00:00Z", 3.5, "Late by 6 days 9 hours: -50 % (7 days begun, at most 50 %), 7 -> 3.5 points."),
        ("2026-03-10T14:59:00Z", 3.5, "Late by 9 days: -50 % (9 days begun, at most 50 %), 7 -> 3.5 points."),
        ("2026-03-10T14:59:01Z", 0, "Late by 9 days 1 minute: refused after 9 days."),
        ("2026-03-02T00:00:00+09:00", 6.3, "Late by 1 minute: -10 % (1 day begun), 7 -> 6.3 points."),
        ("2026-03-01T15:00:00", 6.3, "Late by 1 minute: -10 % (1 day begun), 7 -> 6.3 points."),
    ],
)
def test_each_day_that_has_begun_costs(submitted: str, points: float, note: str) -> None:
    """Up to the most there is to lose, and until it is refused; by the clock, wherever it hangs."""
    result = decided(attempt(1, grade(7), submitted=submitted))
    assert (result.points, result.note, result.late) == (points, note, bool(note))


def test_hours_and_bonus_points_cost_alike() -> None:
    """Four begun hours at 2.5 percent."""
    result = decided(attempt(1, grade(10, bonus=1), submitted="2026-03-01T18:00:00Z"), late="2.5%/hour")
    assert (result.points, result.bonus) == (9, 0.9)
    assert "Late by 3 hours 1 minute: -10 % (4 hours begun), 10 -> 9 points." in result.note
    assert decided(attempt(1, grade(10, bonus=1), submitted=LATE_BY_TEN)).bonus == 0
    assert decided(attempt(1, grade(10), submitted=LATE_BY_TEN), late="30% a day").points == 0


def test_the_word_of_the_lms_is_honoured() -> None:
    """Late without a time, or with one that is in time by our date: one day; without a rule only the flag."""
    for submitted in ("", IN_TIME, "yesterday"):
        result = decided(attempt(1, grade(7), submitted=submitted, late=True))
        assert (result.points, result.late) == (6.3, True)
        assert result.note == "Late, as marked where it was handed in: -10 % (1 day begun), 7 -> 6.3 points."
    plain = decided(attempt(1, grade(7), late=True), due="", late="")
    assert (plain.points, plain.late, plain.note) == (7, True, "Late, as marked where it was handed in.")
    assert decided(attempt(1, grade(7), submitted="", late=True), late="refused after 0 days").points == 7


def test_a_time_that_is_not_known_is_in_time_and_said() -> None:
    """Unless the gradebook itself saw it before the due date."""
    assert decided(attempt(1, grade(7), submitted="", arrived=IN_TIME)).note == ""
    unknown = decided(attempt(1, grade(7), submitted="", arrived=LATE_BY_TEN))
    assert (unknown.points, unknown.late) == (7, False)
    assert unknown.note == "When it was handed in is not known: it counts as in time."


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_adjustments_come_last_and_in_their_order() -> None:
    """After the late rule; points without a sign replace, withdrawn ones do nothing, none leads below nothing."""
    late = attempt(1, grade(7), submitted=LATE_BY_A_MINUTE)
    result = decided(late, changes=[adjustment("+1"), adjustment("9", Withdrawal("", "", ""))])
    assert (result.points, result.adjusted) == (7.3, 1)
    assert result.note.endswith("points. Adjusted by Park: 6.3 -> 7.3 points (+1; a note).")
    result = decided(late, changes=[adjustment("+1"), adjustment("5"), adjustment("-0.25")])
    assert (result.points, result.adjusted) == (4.75, -1.55)
    assert "(=5; a note)." in result.note
    assert (decided(late, changes=[adjustment("-99")]).points, decided(changes=[adjustment("4")]).points) == (0, 4)
    assert decided(late, changes=[adjustment("9", Withdrawal("", "", ""))]).adjusted is None
    assert decided(late, changes=[adjustment("+0")]).adjusted == 0


def test_rounding_is_half_up_and_done_once() -> None:
    """Sums are exact until then: no 0.1 + 0.2."""
    assert [rounded(Fraction(n, 1000)) for n in (5, 4, 1005, 2675, 3000, -5)] == [0.01, 0, 1.01, 2.68, 3, -0.01]
    assert isinstance(rounded(Fraction(3)), int)
    twice = [adjustment("+0.0045"), adjustment("+0.0045")]
    assert decided(attempt(1, grade(0)), changes=twice).points == 0.01


# -- what people type ------------------------------------------------------------------------------------------------


def test_late_rules_are_read() -> None:
    """In the words in which they are written down elsewhere."""
    full = LateRule(Fraction(10), "day", Fraction(50), 7)
    assert late_rule("10% per day, at most 50%, refused after 7 days") == full
    assert late_rule(" 10 %/day , AT MOST 50 %,refused after 7 days") == full
    assert late_rule("0.5% an hour") == LateRule(Fraction(1, 2), "hour")
    assert late_rule("refused after 1 day").refuses(timedelta(days=1, seconds=1))
    for wrong in (
        "",
        "10",
        "10% per week",
        "-5% per day",
        "101% per day",
        "at most 50",
        "10% per day; refused",
        "nan%",
    ):
        with pytest.raises(UsageError, match="late rule"):
            late_rule(wrong)


def test_a_due_date_says_its_time_zone() -> None:
    """Whatever else it says."""
    assert due_date("2026-03-01T23:59+09:00") == due_date(" 2026-03-01T14:59Z ")
    for wrong in ("2026-03-01T23:59", "2026-03-01"):
        with pytest.raises(UsageError, match="does not say its time zone"):
            due_date(wrong)
    for wrong in ("", "tomorrow", "2026-13-01T00:00Z", "1 March"):
        with pytest.raises(UsageError, match="is no date"):
            due_date(wrong)
