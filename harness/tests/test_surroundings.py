"""Signals and timers of the process: what a function changes of them is seen, and named; what it leaves alone is not."""

import re
from pathlib import Path

import pytest
from tiny_exercise import C_HEAD, exercise, graded, the_failure

from socklab import catalog
from socklab.model import PASSED, Report

pytestmark = pytest.mark.usefixtures("nobody_stays")

BOTH_TIERS = pytest.mark.parametrize("tier", ["private", "shared"])

SECONDS = r"in [012]\.\d seconds"
"""Some of those that were asked for are over by the time that somebody looks, on a busy machine more of them."""

CHECKS = '''
@check(points=1, hint="")
def keeps(program, scene):
    """signals and timers of the process stay as they were"""
    with program.afresh(alarm=3600) as before:
        for number in range(3):
            program.call(number)
            expect(program).to_have_surroundings(before)


@check(points=1, hint="")
def leaves_no_alarm(program, scene):
    """no alarm is left"""
    program.call(1)
    expect(program).to_have_left_no_alarm()
'''

C = (
    C_HEAD
    + """
#include <sys/time.h>
#include <time.h>

static void quiet(int number)
{
    (void)number;
}

static void *sleeps(void *nothing)
{
    sleep(60);
    return nothing;
}

int tiny_manners(int number)
{
    (void)quiet, (void)sleeps;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    {DEED}
    return number;
}
"""
)

CHANGES_C = [
    ("signal(SIGPIPE, SIG_IGN);", "SIGPIPE is ignored now"),
    ("signal(SIGUSR2, quiet);", "SIGUSR2 has a handler now"),
    ("signal(SIGALRM, SIG_IGN); signal(SIGALRM, SIG_DFL);", "SIGALRM has lost its handler"),
    ("signal(SIGALRM, SIG_IGN);", "SIGALRM is ignored now"),
    ("signal(SIGPIPE, SIG_IGN); signal(SIGPIPE, SIG_DFL);", "SIGPIPE has lost its handler"),
    ("sigfillset(&set); pthread_sigmask(SIG_UNBLOCK, &set, NULL);", "SIGUSR2 is not blocked any more"),
    ("pthread_sigmask(SIG_BLOCK, &set, NULL);", "SIGTERM stays blocked"),
    ("alarm(0);", "the alarm of its caller was called off"),
    ("alarm(2);", "the alarm of its caller now goes off in N seconds, and not as late as it was to"),
    (
        "timer_t timer; struct sigevent none = {.sigev_notify = SIGEV_NONE}; timer_create(CLOCK_MONOTONIC, &none, &timer);",
        "a timer is left that timer_create() made",
    ),
]

CHANGES_PY = [
    ("signal.signal(signal.SIGUSR2, lambda *_: None)", "SIGUSR2 has a handler now"),
    ("signal.signal(signal.SIGXFSZ, signal.SIG_DFL)", "SIGXFSZ is not ignored any more"),
    ("signal.signal(signal.SIGPIPE, signal.SIG_DFL)", "SIGPIPE has lost its handler"),
    ("signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})", "SIGTERM stays blocked"),
    ("signal.pthread_sigmask(signal.SIG_SETMASK, [])", "SIGUSR2 is not blocked any more"),
    (
        "signal.setitimer(signal.ITIMER_REAL, 2.5)",
        "the alarm of its caller now goes off in N seconds, and not as late as it was to",
    ),
    (
        "socket.setdefaulttimeout(0.25)",
        "new sockets have a time limit of 0.25 seconds now, by setdefaulttimeout()",
    ),
    (
        "socket.setdefaulttimeout(1); socket.setdefaulttimeout(None)",
        "new sockets have no time limit any more, which was 45 seconds by its caller's setdefaulttimeout()",
    ),
]


@pytest.fixture
def tiny(tmp_path: Path) -> catalog.Exercise:
    """An exercise that asks for nothing but manners."""
    return exercise(tmp_path, "tiny-manners", CHECKS, "int tiny_manners(int number);")


def report_on(tiny: catalog.Exercise, suffix: str, deed: str, *only: str, tier: str = "private") -> Report:
    """What is said of a function that does this."""
    if suffix == ".c":
        return graded(tiny, suffix, C.replace("{DEED}", deed), *only, tier=tier)
    return graded(tiny, suffix, f"import signal, socket\ndef tiny_manners(number):\n    {deed}\n", *only, tier=tier)


@BOTH_TIERS
@pytest.mark.parametrize(
    ("suffix", "deed", "got"),
    [*((".c", *each) for each in CHANGES_C), *((".py", *each) for each in CHANGES_PY)],
)
def test_a_change_is_named(tiny: catalog.Exercise, suffix: str, deed: str, got: str, tier: str) -> None:
    """Also one that an earlier call made."""
    told = the_failure(report_on(tiny, suffix, deed, "keeps", tier=tier)).got
    assert re.sub(SECONDS, "in N seconds", told) == got


@BOTH_TIERS
@pytest.mark.parametrize(
    ("suffix", "deed"),
    [
        (".c", ";"),
        (".c", "struct sigaction was; sigaction(SIGPIPE, NULL, &was); signal(SIGPIPE, SIG_IGN); sigaction(SIGPIPE, &was, NULL);"),
        (".c", "sigset_t was; pthread_sigmask(SIG_BLOCK, &set, &was); pthread_sigmask(SIG_SETMASK, &was, NULL);"),
        (".c", "struct itimerval now; getitimer(ITIMER_REAL, &now);"),
        (".c", "pthread_t one; pthread_create(&one, NULL, sleeps, NULL); pthread_cancel(one); pthread_join(one, NULL);"),
        (
            ".c",
            "timer_t timer; struct sigevent none = {.sigev_notify = SIGEV_NONE};"
            "timer_create(CLOCK_MONOTONIC, &none, &timer); timer_delete(timer);",
        ),
        (".py", "pass"),
        (".py", "import threading; one = threading.Timer(60, print); one.start(); one.cancel(); one.join()"),
        (".py", "import asyncio; asyncio.run(asyncio.wait_for(asyncio.sleep(0), 1))"),
        (".py", "was = signal.signal(signal.SIGUSR2, lambda *_: None); signal.signal(signal.SIGUSR2, was)"),
        (".py", "was = socket.getdefaulttimeout(); socket.setdefaulttimeout(1); socket.setdefaulttimeout(was)"),
    ],
)  # fmt: skip
def test_what_is_put_back_or_only_looked_at_is_no_change(
    tiny: catalog.Exercise, suffix: str, deed: str, tier: str
) -> None:
    """Nothing is left of it."""
    report = report_on(tiny, suffix, deed, tier=tier)
    assert report.outcome == PASSED, report


@pytest.mark.parametrize(
    ("suffix", "deed", "got"),
    [
        (".c", "alarm(2);", "an alarm is left that goes off in N seconds"),
        (".c", CHANGES_C[-1][0], "a timer is left that timer_create() made"),
        (".py", "signal.alarm(2)", "an alarm is left that goes off in N seconds"),
    ],
)
def test_an_alarm_that_is_left_is_named(tiny: catalog.Exercise, suffix: str, deed: str, got: str) -> None:
    """Whoever asked for none would be ended by it."""
    told = the_failure(report_on(tiny, suffix, deed, "leaves-no-alarm")).got
    assert re.sub(SECONDS, "in N seconds", told) == got


def test_signals_may_change_where_only_alarms_are_asked_for(tiny: catalog.Exercise) -> None:
    """They are another matter."""
    report = report_on(tiny, ".c", "signal(SIGPIPE, SIG_IGN);", "leaves-no-alarm")
    assert report.outcome == PASSED
