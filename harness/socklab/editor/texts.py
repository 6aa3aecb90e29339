"""Every sentence of the page, by the name that its modules and its template have for it.

What stands in {braces} is put in by the page. CodeMirror's own words are among them, by what they are in English.
"""

from ..i18n import tr


def texts() -> dict[str, str | dict[str, str]]:
    """All of them, in the language that is spoken; `phrases` are CodeMirror's."""
    return {**_page(), **_work(), **_troubles(), "phrases": _phrases()}


def _page() -> dict[str, str]:
    return {
        "loading": tr("Loading …"),
        "no_script": tr("This page needs JavaScript. Without it: socklab check FILE, in a terminal."),
        "skip_to_code": tr("Skip to the code"),
        "skip_to_result": tr("Skip to the result"),
        "exercises": tr("Exercises"),
        "progress": tr("{number} of {total} passed"),
        "next": tr("Next"),
        "next_exercise": tr("Next: {title}"),
        "minutes": tr("{number} min"),
        "first_comes": tr("after “{title}”"),
        "state_passed": tr("passed"),
        "state_tried": tr("tried"),
        "state_open": tr("not begun"),
        "views": tr("Views"),
        "statement": tr("Statement"),
        "code": tr("Code"),
        "result": tr("Result"),
        "attempts": tr("Attempts"),
        "language": tr("Language"),
        "language_c": "C",
        "language_python": "Python",
        "close": tr("Close"),
        "points": tr("{number} of {total} points"),
        "outcome_passed": tr("Passed"),
        "outcome_failed": tr("Failed"),
        "outcome_skipped": tr("Skipped"),
        "outcome_ungradable": tr("Ungradable"),
        "outcome_harness-error": tr("Harness error"),
    }


def _work() -> dict[str, str]:
    return {
        "run": tr("Run"),
        "stop": tr("Stop"),
        "key_run": "Ctrl ↵",
        "key_stop": "Ctrl .",
        "shortcuts": tr("Ctrl-Enter runs, Ctrl-. stops, Tab indents; Esc, then Tab leaves the editor."),
        "code_of": tr("Code: {file}"),
        "reset": tr("Reset"),
        "reset_what": tr("Put the starter into the editor"),
        "download": tr("Download"),
        "marks": tr("What is to be said of lines"),
        "line": tr("Line {line}"),
        "go_to_line": tr("Go to line {line} in the editor"),
        "no_result_yet": tr("Nothing was run yet. Write your answer into the editor, then press Run."),
        "getting_ready": tr("Getting it ready …"),
        "running": tr("Running …"),
        "queued": tr("Waiting; {number} before you"),
        "checks_done": tr("{number} of {total} checks"),
        "stopped": tr("Stopped"),
        "stopped_at": tr("Stopped after {number} of {total} checks; what is below is the result before."),
        "no_result": tr("No result"),
        "first_to_fix": tr("First to fix: {title}"),
        "all_checks": tr("All {number} checks, one by one"),
        "run_only": tr("Run only this check"),
        "run_all": tr("Run all checks"),
        "only_these": tr("Only what you chose was run."),
        "replay": tr("Replay"),
        "replay_of": tr("Replay: {title}"),
        "replay_ended": tr("The replay has ended."),
        "bonus": tr("bonus"),
        "worth": tr("{number} p."),
        "differences": tr("Show differences"),
        "differences_from": tr("What is different from the attempt of {what}"),
        "differences_disk": tr("What is different from the file on disk"),
        "last_differences": tr("Differences from the last attempt"),
        "starter_differences": tr("Differences from the starter"),
        "no_differences": tr("They are the same."),
        "same_lines": tr("… the same: {number} …"),
        "added": tr("only in the editor"),
        "removed": tr("only in the other"),
        "line_before": tr("Line of the other"),
        "line_now": tr("Line in the editor"),
        "change": tr("Kind of change"),
        "text": tr("Text of the line"),
        "take": tr("Put into the editor"),
        "no_attempts": tr("Each text that you run is kept here, with what came of it."),
        "aside": tr("Set aside"),
        "aside_why": tr("What stood in the editor, or on disk, before something else took its place. Kept in this browser."),
        "replaced": tr("Another text stands in the editor now. The one before is also kept under Attempts."),
        "same_already": tr("That is what stands in the editor already."),
        "undo": tr("Undo"),
    }  # fmt: skip


def _troubles() -> dict[str, str]:
    return {
        "file_saved": tr("saved"),
        "file_saving": tr("saving …"),
        "file_untouched": tr("not written yet"),
        "file_conflict": tr("not saved"),
        "file_trouble": tr("kept in this browser"),
        "file_refused": tr("not saved"),
        "away": tr("The server does not answer. What you type is kept in this browser. Start it again in your folder:"),
        "away_behind": tr("The server does not answer. What you type is kept in this browser until it does."),
        "stale": tr("The server was started anew. Reload the page to go on; what you typed is kept."),
        "reload": tr("Reload"),
        "away_while_running": tr("The server went away while it was running. Run it again once the server is back."),
        "stranger": tr(
            "The server was started anew, or this page was opened without its address. "
            "Open the address that it printed, or paste it here:"
        ),
        "address": tr("Address that socklab serve printed"),
        "go_on": tr("Go on"),
        "try_again": tr("Try again"),
        "conflict": tr("{file} was changed elsewhere while you typed here. Nothing is lost; which one shall it be?"),
        "keep_mine": tr("Keep mine"),
        "take_other": tr("Take the other"),
        "gone": tr("{file} is no longer on disk. Your next edit or run writes it again."),
        "plain_editor": tr("The editor's modules are missing, so this is a plain field. To mend it: socklab doctor"),
    }


def _phrases() -> dict[str, str]:
    return {
        "Find": tr("Find"),
        "Replace": tr("Replace with"),
        "next": tr("next one"),
        "previous": tr("previous one"),
        "all": tr("all of them"),
        "match case": tr("match case"),
        "regexp": tr("regular expression"),
        "by word": tr("whole words"),
        "replace": tr("replace it"),
        "replace all": tr("replace all of them"),
        "close": tr("close the search"),
        "Go to line": tr("Go to line"),
        "go": tr("go there"),
        "current match": tr("current match"),
        "on line": tr("on line"),
    }
