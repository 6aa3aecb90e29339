"""Every sentence that a person may be shown, found in the sources: what catalogues are held against."""

import ast
import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jinja2
import jinja2.nodes

import socklab
from socklab.catalog import Exercise

PACKAGE = Path(socklab.__file__).parent
TEMPLATES = PACKAGE / "reports" / "templates"

NOT_FOR_LEARNERS = ("dev.py", "pytest_plugin.py", "python_runner.py", "i18n.py")
"""Modules that speak to those who write exercises, or that pass on what another one says."""

SPEAKING = {
    "Mismatch", "NotHere", "Ungradable", "Unavailable", "Finding", "Diagnostic",
    "UsageError", "SetupError", "SubmissionError", "HarnessError", "ArgumentTypeError", "Broken", "Ended", "_tell", "_remark",
    "labelled",
}  # fmt: skip
"""What takes a sentence that is shown later, elsewhere: errors, and the words of a broker."""

ANSWERING = {
    "gap", "can_sanitize", "no_sanitizer", "best_tier", "trouble", "deed", "_words", "_advice", "_trouble", "_remedy",
    "_where_it_hangs", "wanted_signature", "sanitizer_error", "_refusals", "remarks", "_difference", "in_short", "_said", "_how", "change",
    "_of_name", "_of_variable", "_of_type", "_fitting", "_meant", "_with_left", "why_it_gave_up",
}  # fmt: skip
"""Functions whose answer is such a sentence."""

KEPT = ("expected", "got", "message", "tried")
"""Of a result, what are such sentences: keys of dicts, and attributes."""

HOLE = "\ufffc"
"""Stands where a composed sentence has a value."""


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Each module of the harness with its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text())


Names = dict[str, list[ast.expr]]
"""Names, and all that each of them is given somewhere in its function or module."""


def nodes(tree: ast.AST, names: Names | None = None) -> Iterator[tuple[ast.AST, Names]]:
    """All that a tree consists of, each with the names that are known there."""
    known = (names or {}) | (_given(tree) if isinstance(tree, ast.Module | ast.FunctionDef) else {})
    for node in ast.iter_child_nodes(tree):
        yield node, known
        yield from nodes(node, known)


def _given(scope: ast.AST) -> Names:
    """What a module or function gives names to, but not what functions in it do."""
    found: Names = {}
    left = list(ast.iter_child_nodes(scope))
    while left:
        node = left.pop(0)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(value)
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            left += ast.iter_child_nodes(node)
    return found


def called(node: ast.Call) -> str:
    """The name of what is called, without what it belongs to."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def alternatives(node: ast.expr, names: Names) -> Iterator[str]:
    """The texts that an expression may be; HOLE for what is put in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) if name in names:
            others = {each: values for each, values in names.items() if each != name}
            for value in names[name]:
                yield from list(alternatives(value, others)) or [HOLE]
        case ast.JoinedStr(values=parts):
            texts = [""]
            for part in parts:
                more = list(alternatives(part.value, names)) if isinstance(part, ast.FormattedValue) else [part.value]  # type: ignore[attr-defined]
                texts = [text + each for text in texts for each in dict.fromkeys(more or [HOLE])]
            yield from texts
        case ast.IfExp(body=one, orelse=other):
            yield from alternatives(one, names)
            yield from alternatives(other, names)
        case ast.BinOp(op=ast.Add(), left=one, right=other):
            first, then = list(alternatives(one, names)), list(alternatives(other, names))
            for text in first or [HOLE] * bool(then):
                for more in then or [HOLE]:
                    yield text + more
        case ast.BoolOp(values=values):
            for each in values:
                yield from alternatives(each, names)


def given_to_tr() -> dict[str, str]:
    """Every literal text given to tr(), trn() or `marked`, in modules and templates, and where."""
    found: dict[str, str] = {}
    for path, tree in modules():
        for node, names in nodes(tree):
            if isinstance(node, ast.Call) and called(node) in ("tr", "trn"):
                for argument in node.args[: 1 if called(node) == "tr" else 2]:
                    found |= dict.fromkeys(alternatives(argument, names), f"{path.name}:{node.lineno}")
    found.pop(HOLE, None)
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    for path in sorted(TEMPLATES.glob("*.j2")):
        for node in environment.parse(path.read_text()).find_all(jinja2.nodes.Call):
            if isinstance(node.node, jinja2.nodes.Name) and node.node.name in ("tr", "trn", "marked"):
                for argument in node.args:
                    if isinstance(argument, jinja2.nodes.Const) and isinstance(argument.value, str):
                        found[argument.value] = f"{path.name}:{node.lineno}"
    return found


def said_elsewhere() -> dict[str, str]:
    """Sentences that errors and the broker's words are made of, with HOLE for each value, and where."""
    found: dict[str, str] = {}
    for path, tree in modules():
        if path.name in NOT_FOR_LEARNERS:
            continue
        for node, names in nodes(tree):
            said: list[ast.expr] = []
            if isinstance(node, ast.Call) and (called(node) in SPEAKING or _is_kept(node)):
                said = [*node.args, *(k.value for k in node.keywords)]
            if isinstance(node, ast.Call) and called(node) == "say":
                said = node.args[1:]
            if isinstance(node, ast.FunctionDef) and node.name in ANSWERING:
                said = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value]
                names = names | _given(node)
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Attribute) and t.attr in KEPT for t in node.targets
            ):
                said = [node.value]
            if isinstance(node, ast.Dict):
                said = [
                    v
                    for k, v in zip(node.keys, node.values, strict=True)
                    if isinstance(k, ast.Constant) and k.value in KEPT
                ]
            for each in said:
                for part in each.elts if isinstance(each, ast.Tuple) else [each]:
                    for text in alternatives(part, names):
                        found.setdefault(text.strip(), f"{path.name}:{node.lineno}")
    return found


def _is_kept(node: ast.Call) -> bool:
    """Whether it is something like `self.gaps.append(…)`."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return called(node) == "append" and isinstance(owner, ast.Attribute) and owner.attr in ("gaps", "_remarks")


def all_literals() -> str:
    """Every text in the modules, joined; for finding what no catalogue needs any more."""
    texts: list[str] = []
    for _, tree in modules():
        texts += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return "\0".join(texts)


def of_exercise(exercise: Exercise) -> dict[str, str]:
    """Every sentence of an exercise that learners read, but the statement."""
    found = {exercise.title: "statement.md", str(exercise.facts["summary"]): "exercise.toml"}
    for check in exercise.checks:
        found |= dict.fromkeys(
            filter(None, (check.title, check.hint, check.why, check.more)), f"checks.py {check.slug}"
        )
    found |= _of_mistakes((exercise.read("mistakes.toml") or b"mistake = []").decode(), "mistakes.toml")
    tree = ast.parse(exercise.read("checks.py") or b"")
    for node, names in nodes(tree):  # why a check's own words say that it happened, and what those expect and got
        if isinstance(node, ast.Call) and (called(node).startswith("to_") or called(node) in SPEAKING):
            for argument in node.args:
                for text in alternatives(argument, names):
                    found.setdefault(text, f"checks.py:{node.lineno}")
    return found


def of_shared_mistakes() -> dict[str, str]:
    """What the mistakes say that several exercises share."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / "mistakes").glob("*.toml")):
        found |= _of_mistakes(path.read_text(), path.name)
    return found


def _of_mistakes(table: str, where: str) -> dict[str, str]:
    rows = tomllib.loads(table)["mistake"]
    return {row[key]: f"{where} {row['slug']}" for row in rows for key in ("title", "explanation", "try")}


def of_argparse() -> set[str]:
    """What argparse of this Python says in its own words."""
    import argparse

    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if isinstance(node, ast.Call) and called(node) in ("_", "ngettext"):
            found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found
