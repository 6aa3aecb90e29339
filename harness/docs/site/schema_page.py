"""The format of reports, as tables, from report.schema.json. A rule of the schema that this does not know is an error."""

import json
from pathlib import Path
from typing import Any

from markup import plain, table

SCHEMA = "harness/socklab/reports/report.schema.json"

_ABOUT = """\
# The format of reports

{description} [report.schema.json](report.schema.json) is the same for programs (JSON Schema, draft 2020-12).{always}

"""

_ALWAYS = " Every field is always there, and there are no others."

_TYPES = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "array": "list",
    "object": "object",
}

_SILENT = {
    "type",
    "description",
    "title",
    "$schema",
    "$defs",
    "properties",
    "required",
    "additionalProperties",
    "items",
}
"""Keys that are told otherwise than by a remark of their own."""


def page(root: Path) -> str:
    """The whole page."""
    schema = json.loads((root / SCHEMA).read_text())
    kinds = {"The file": schema, **schema["$defs"]}
    complete = all(_has_all(kind) for kind in kinds.values())
    head = _ABOUT.format(description=schema["description"], always=_ALWAYS if complete else "")
    return head + "\n".join(_section(name, kind) for name, kind in kinds.items())


def _has_all(kind: dict[str, Any]) -> bool:
    return set(kind["required"]) == set(kind["properties"]) and kind["additionalProperties"] is False


def _section(name: str, kind: dict[str, Any]) -> str:
    rows = [("Field", "What it is", "What it says")]
    for field, rule in kind["properties"].items():
        optional = "" if field in kind["required"] else " (may be missing)"
        rows.append((f"`{field}`{optional}", _kind(rule), plain(rule.get("description", ""))))
    about = "" if "$schema" in kind else f"{plain(kind['description'])}\n\n"
    return f"## {name}\n\n{about}{table('schema', (18, 30, 52), rows)}"


def _kind(rule: dict[str, Any]) -> str:
    """What may stand there, in words."""
    if "$ref" in rule:
        name = rule["$ref"].removeprefix("#/$defs/")
        return f"[{name}](#{name})"
    if "enum" in rule:
        return "one of " + ", ".join(f"`{value}`" for value in rule["enum"])
    if "const" in rule:
        return f"always `{rule['const']}`"
    types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    words = " or ".join(_TYPES[each] for each in types)
    if "items" in rule:
        words += f" of {_kind(rule['items'])}"
    remarks = [_remark(key, value) for key, value in rule.items() if key not in _SILENT]
    return ", ".join([words, *(remark for remark in remarks if remark)])


def _remark(key: str, value: Any) -> str:
    """What one more rule of the schema demands."""
    match key, value:
        case "minimum", _:
            return f"at least {value}"
        case "maximum", _:
            return f"at most {value}"
        case "minLength", 1:
            return "not empty"
        case "uniqueItems", True:
            return "none twice"
        case "pattern", _:
            return f"as `{value}`"
    raise ValueError(f"{SCHEMA}: no words for {key}: {value}")
