"""PrairieLearn: a question with an external grader, as "External grading" lays it out, and the image that it is graded in.

Everything lies in the question's own `tests`, which PrairieLearn puts into /grade/tests: the question is complete in itself.
"""

from __future__ import annotations

import json
import uuid

from ..catalog import Exercise
from ..i18n import tr
from ._bundle import bundle, expected_files, installer
from ._files import File, Files, ours, text

is_zip = False

IMAGE = "YOUR-ACCOUNT/socklab-grader"
"""What stands in info.json until somebody has built the image and named it."""

SECONDS = 600
"""The longest that PrairieLearn allows. What never returns is ended long before that."""

_QUESTION = """\
<pl-question-panel>
<markdown>
{statement}
</markdown>
{header}<pl-file-upload optional-file-names="{names}"></pl-file-upload>
</pl-question-panel>

<pl-submission-panel>
<pl-external-grader-results></pl-external-grader-results>
<pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""

_HEADER = '<p><pl-file-download file-name="{name}"></pl-file-download></p>\n'


def files(exercise: Exercise) -> Files:
    """The question's folder, to be put into the course, and the image's."""
    question = f"questions/{exercise.slug}"
    found: Files = {
        f"{question}/info.json": text(json.dumps(info(exercise), indent=2, ensure_ascii=False) + "\n"),
        f"{question}/question.html": text(_page(exercise)),
        f"{question}/tests/run.sh": ours("prairielearn", "run.sh", executable=True),
        **{f"{question}/tests/{path}": file for path, file in bundle(exercise, "prairielearn").items()},
        "image/Dockerfile": ours("prairielearn", "Dockerfile"),
        **{f"image/{path}": file for path, file in installer().items()},
    }
    if header := exercise.header():
        name, content = header
        found[f"{question}/clientFilesQuestion/{name}"] = File(content, False, found["image/Dockerfile"].modified)
    return found


def info(exercise: Exercise) -> dict[str, object]:
    """info.json. The question's identity follows from its name: exported anew it is the same question."""
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"socklab:{exercise.slug}")),
        "title": tr(exercise.title),
        "topic": "Sockets",
        "tags": exercise.facts["tags"],
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": IMAGE,
            "entrypoint": "/grade/tests/run.sh",
            "timeout": SECONDS,
        },
    }


def next_steps(exercise: Exercise) -> str:
    """How to build the image and where the question goes."""
    return tr(
        "Build and push the image (docker build -t NAME image), put its name into {path} instead of {placeholder}, and "
        "copy the folder {folder} into your course.",
        path=f"questions/{exercise.slug}/info.json",
        placeholder=IMAGE,
        folder=f"questions/{exercise.slug}",
    )


def _page(exercise: Exercise) -> str:
    header = exercise.header()
    return _QUESTION.format(
        statement=exercise.statement().decode().strip(),
        header=_HEADER.format(name=header[0]) if header else "",
        names=",".join(expected_files(exercise)),
    )
