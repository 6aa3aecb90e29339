"""What every grader's export is tried with: the command that builds it, and hand-ins of all kinds."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from front_door import Answer, run, socklab
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[3]
SOLUTIONS = ROOT / "solutions" / "is-port-open"

HANGS = "#include <unistd.h>\n\nint is_port_open(int port)\n{\n    for (;;)\n        pause();\n    return port;\n}\n"
NOT_C = "int is_port_open(int port)\n{\n    return 1\n}\n"

HAND_INS: dict[str, dict[str, bytes]] = {
    "right": {"is_port_open.c": (SOLUTIONS / "right" / "blocking.c").read_bytes()},
    "right in Python": {"is_port_open.py": (SOLUTIONS / "right" / "blocking.py").read_bytes()},
    "wrong": {"is_port_open.c": (SOLUTIONS / "wrong" / "errno-read-after-close.c").read_bytes()},
    "not C": {"is_port_open.c": NOT_C.encode()},
    "hanging": {"is_port_open.c": HANGS.encode()},
    "nothing": {},
    "several": {"first.c": b"int x;\n", "second.c": b"int y;\n"},
    "another language": {"IsPortOpen.java": b"class IsPortOpen {}\n"},
    "empty": {"is_port_open.c": b""},
}
"""By what is the matter with them: the files that a learner handed in."""

REASONS = {
    "not C": "it does not compile: line 3",
    "nothing": "nothing was handed in",
    "several": "more than one file may be the submission: first.c, second.c",
    "another language": "no .c or .py file was handed in; there is IsPortOpen.java",
    "empty": "the file is empty",
}
"""What is said of those that cannot be graded."""

MISTAKE = "errno is read after close()"
"""What the wrong one is told."""


def export(grader: str, output: Path, *words: str, exercise: str = "is-port-open") -> Answer:
    """Run `socklab export` for `grader`; it must succeed."""
    answer = socklab("export", grader, exercise, "--output", output, *words, cwd=output.parent)
    assert (answer.code, answer.err) == (0, ""), answer
    return answer


def unzip(path: Path, folder: Path) -> None:
    """As unzip does: with the files' modes."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            Path(archive.extract(info, folder)).chmod(info.external_attr >> 16 & 0o777)


def hand_in(folder: Path, files: dict[str, bytes]) -> None:
    """Make `folder` hold exactly these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def schema(name: str) -> Draft202012Validator:
    """The schema NAME.schema.json beside this module, written from the grader's documentation."""
    content = json.loads((Path(__file__).parent / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def valid(name: str, text: str) -> dict[str, Any]:
    """What `text` holds, which the schema called `name` must permit."""
    content = json.loads(text)
    schema(name).validate(content)
    return content


def run_here(script: Path, *, base: Path) -> Answer:
    """Run a script of an export on this machine, by this Python, with `base` for the grader's own folder."""
    return run(str(script), cwd=base, env={"SOCKLAB_BASE": str(base), "SOCKLAB_PYTHON": sys.executable})
