"""Small reports that look like real ones, for tests of every format."""

from typing import Any

from socklab.model import (
    FAILED,
    HARNESS_ERROR,
    PASSED,
    SKIPPED,
    UNGRADABLE,
    CheckResult,
    Diagnostic,
    RecordedCall,
    Report,
)

SOURCE = """\
#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int is_port_open(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int unused;

    if (port < 1 || port > 65535)
        return -1;
    a.sin_port = htons(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
        if (errno == ECONNREFUSED)
            return 0;
        close(fd);
        return -1;
    }
    close(fd);
    return 1;
}
"""

BROKEN = """\
#include <sys/socket.h>

int is_port_open(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0)
    return port;
}
"""

OPEN = CheckResult(
    "open-port",
    "a port that somebody listens on is open",
    PASSED,
    points=3,
    bonus=False,
    hint="A connect() to 127.0.0.1 that succeeds means: somebody listens there.",
    arranged=("a listener on 127.0.0.1:9829",),
)
CLOSED = CheckResult(
    "closed-port",
    "a port that nobody listens on is closed",
    PASSED,
    points=3,
    bonus=False,
    hint="connect() failed, and errno is ECONNREFUSED: that is an answer, not an error.",
    arranged=("port 25902 taken, but nobody listening on it",),
)
WAITING = CheckResult(
    "a-thousand-calls",
    "a thousand calls in a row leave nothing open",
    FAILED,
    points=2,
    bonus=False,
    hint="Walk each way out of the function with your finger: is there a close() on it?",
    tried="-",
    message="Not tried: it says nothing as long as this fails: nothing is left open after a refusal.",
    waits_for="nothing-left-after-refusal",
)
LEAKS = CheckResult(
    "nothing-left-after-refusal",
    "nothing is left open after a refusal",
    FAILED,
    points=1,
    bonus=False,
    hint="Walk each way out of the function with your finger: is there a close() on it?",
    arranged=("port 21827 taken, but nobody listening on it",),
    tried="is_port_open(21827)",
    expected="nothing left open",
    got="descriptor 5 (a socket) still open",
    message="A program that asks often runs out of descriptors.",
    calls=(
        RecordedCall("socket(AF_INET, SOCK_STREAM, 0) = 5", 14, False, 0.0, 4e-06, "socket", 5, 5),
        RecordedCall(
            "connect(5, 127.0.0.1:21827) = -1 ECONNREFUSED",
            17,
            False,
            4e-06,
            1.7e-05,
            "connect",
            5,
            -1,
            "ECONNREFUSED",
            "127.0.0.1:21827",
        ),
    ),
    why="A monitor that asks every second has used up its descriptors after 17 minutes.",
    more="A connect(2) that failed has closed nothing.",
)
HANGS = CheckResult(
    "timed-out",
    "a connection that times out (ETIMEDOUT) is an error, not a closed port",
    FAILED,
    points=1,
    bonus=False,
    hint="No answer is not a refusal: a firewall or a busy server stays silent too. -1.",
    arranged=("connect() to port 2927 fails with ETIMEDOUT",),
    tried="is_port_open(2927)",
    expected="an answer",
    got="did not return within 2 seconds",
    calls=(
        RecordedCall("connect(3, 127.0.0.1:2927) = -1 ETIMEDOUT  (arranged)", 17, arranged=True, at=0.0, seconds=0.0),
        *(RecordedCall("close(3) = -1 EBADF", 20, arranged=False, at=n * 2e-6, seconds=1e-6) for n in range(5)),
        RecordedCall("poll(fd 4: POLLIN, -1 ms) … never came back", 23, arranged=False, at=0.0012, seconds=None),
    ),
    calls_left_out=643,
)
PRIVILEGED = CheckResult(
    "open-port-1",
    "the lowest port, 1, can be open",
    SKIPPED,
    points=1,
    bonus=False,
    hint="1 is the smallest port there is.",
    message="only root may listen on port 1 in the shared tier",
)
BONUS_EARNED = CheckResult(
    "reset-on-accept",
    "a listener that resets every caller as it accepts is still a listener",
    PASSED,
    points=1,
    bonus=True,
    hint="The connection was made before it was reset.",
)
BONUS_MISSED = CheckResult(
    "signal-during-connect",
    "a signal in the middle of connect() does not spoil the answer",
    FAILED,
    points=1,
    bonus=True,
    hint="After EINTR the handshake goes on (connect(2)): poll for writability, then ask SO_ERROR.",
    arranged=("a signal arrives while the connection to port 63496 is under way; then it is made",),
    tried="is_port_open(63496)",
    expected="1",
    got="-1",
    calls=(RecordedCall("connect(7, 127.0.0.1:63496) = -1 EINTR", 17, arranged=False, at=0.0, seconds=8.2e-05),),
)
WARNING = Diagnostic("warning", 9, 9, "unused variable ‘unused’ [-Wunused-variable]")


def report(outcome: str, **facts: Any) -> Report:
    """A report on is-port-open, in C and in the private tier unless `facts` say otherwise."""
    usual: dict[str, Any] = {
        "exercise": "is-port-open",
        "title": "Is anything listening?",
        "file": "is_port_open.c",
        "content": SOURCE.encode(),
        "language": "c",
        "toolchain": "gcc 12.2.0",
        "tier": "private",
        "tier_reason": "",
        "seed": 4711,
        "seconds": 0.1738,
        "version": "0.1.0",
    }
    return Report(outcome=outcome, **(usual | facts))


def failing_report() -> Report:
    """3 of 5 checks that count failed, the first of them untried because of the second; one skipped, two bonus, a warning."""
    return report(
        FAILED,
        results=(OPEN, CLOSED, WAITING, LEAKS, HANGS, PRIVILEGED, BONUS_MISSED, BONUS_EARNED),
        diagnostics=(WARNING,),
        output="asking for 21827 …\nrefused\n",
        tier="shared",
        tier_reason="bubblewrap is not installed",
    )


def passing_report() -> Report:
    """Everything that counts passed; one bonus check earned, one not."""
    return report(PASSED, results=(OPEN, CLOSED, BONUS_MISSED, BONUS_EARNED))


def ungradable_report() -> Report:
    """A semicolon is missing."""
    error = Diagnostic("error", 6, 5, "expected ‘,’ or ‘;’ before ‘return’")
    return report(
        UNGRADABLE,
        reason=f"it does not compile: line 6: {error.message}",
        content=BROKEN.encode(),
        diagnostics=(
            error,
            Diagnostic("note", 3, 5, "in this function"),
            Diagnostic("error", 6, 12, "‘port’ is of no use here"),
            Diagnostic("warning", 5, 9, "unused variable ‘fd’ [-Wunused-variable]"),
        ),
    )


def harness_error_report() -> Report:
    """The grader could not do its work."""
    return report(
        HARNESS_ERROR, reason="the private tier cannot be had on this machine: user namespaces are switched off"
    )
