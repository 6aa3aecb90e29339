"""Errors, named by who must act.

Each message says what happened, where, and what to do next; the command line prints it as it stands, without a traceback.
"""


class SocklabError(Exception):
    """Anything that socklab raises on purpose.

    `exit_code` is what the command ends with.
    """

    exit_code = 2


class UsageError(SocklabError):
    """The command was given something that it cannot take; the user mends the command."""

    exit_code = 2


class SubmissionError(SocklabError):
    """The submission cannot be graded as it is; the learner mends it."""

    exit_code = 3


class SetupError(SocklabError):
    """This machine lacks something; whoever runs it installs or permits it."""

    exit_code = 4


class HarnessError(SocklabError):
    """The harness itself failed; nobody loses a point by it."""

    exit_code = 4


def own_fault(error: Exception) -> HarnessError:
    """An error that nobody foresaw, with the place where it was raised."""
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    file = step.tb_frame.f_code.co_filename.rpartition("/")[2] if step else ""
    where = f" ({file}:{step.tb_lineno})" if step else ""
    return HarnessError(f"an error of its own: {type(error).__name__}: {error}{where}. Please report it.")
