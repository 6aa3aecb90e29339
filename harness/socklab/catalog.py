"""Exercises, found by folder: there is no list to keep.

A folder with an exercise.toml is an exercise; its name is the exercise's name. Facts that only readers need (title,
order, minutes) are read late, since parsing them takes longer than starting a compiler.
"""

from __future__ import annotations

import os

from . import i18n
from .errors import HarnessError, UsageError
from .languages import all_languages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from .vocabulary import Check


HIDDEN_CHECKS = "hidden_checks.py"
"""The file with the checks that learners have no copy of; it may be missing."""


class Exercise:
    """One folder of exercises."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.slug = os.path.basename(folder)
        self._checks: tuple[Check, ...] = ()
        i18n.look_into(os.path.join(folder, "locale"))

    @property
    def _header_name(self) -> str:
        return next((name for name in os.listdir(self.folder) if name.endswith(".h")), "")

    @property
    def is_program(self) -> bool:
        """Whether a whole program is asked for: then there is no header that declares a function."""
        return not self._header_name

    @property
    def function(self) -> str:
        """What the learner is asked to write: the function that the header declares, or a program named as the exercise is."""
        return self._header_name.removesuffix(".h") or self.slug.replace("-", "_")

    @property
    def prototype(self) -> str:
        """The function as the header declares it, in one line; "" for a program."""
        declared = (self.read(self._header_name) or b"").decode() if self._header_name else ""
        return next((line.rstrip(";") for line in declared.split("\n") if line.endswith(");")), "")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters; none for a program."""
        inside = self.prototype.partition("(")[2].rpartition(")")[0]
        return tuple(part.split()[-1].lstrip("*") for part in inside.split(",")) if inside else ()

    @property
    def facts(self) -> dict[str, object]:
        """exercise.toml."""
        import tomllib

        path = os.path.join(self.folder, "exercise.toml")
        try:
            with open(path, "rb") as file:
                return tomllib.load(file)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise HarnessError(f"{path} cannot be read: {error}") from error

    @property
    def prerequisites(self) -> tuple[str, ...]:
        """The exercises that are meant to be solved before it."""
        return tuple(map(str, self.facts["prerequisites"]))  # type: ignore[call-overload]

    @property
    def title(self) -> str:
        """What the exercise is called: the heading of its statement."""
        with open(os.path.join(self.folder, "statement.md"), encoding="utf-8") as file:
            return file.readline().lstrip("# ").strip()

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of checks.py, in its order, then those of hidden_checks.py; loaded when first asked for.

        Raises HarnessError if they cannot be loaded.
        """
        if not self._checks:
            self._checks = (*self._load_checks(), *self.kept_from_learners())
            names = [check.slug for check in self._checks]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise HarnessError(f"{self.folder}: more than one check is called {twice[0]}")
        return self._checks

    def _load_checks(self) -> tuple[Check, ...]:
        from importlib.machinery import SourceFileLoader

        loader = SourceFileLoader(f"checks of {self.slug}", os.path.join(self.folder, "checks.py"))
        return _checks_of(loader.path, lambda: loader.get_code(loader.name))  # keeps a cache, as import does

    def kept_from_learners(self) -> tuple[Check, ...]:
        """The checks of hidden_checks.py, hidden unless they say after when they are not; none if there is no such file.

        Raises HarnessError if they cannot be loaded.
        """
        source = self.read(HIDDEN_CHECKS)
        if source is None:
            return ()
        from .model import HIDDEN, VISIBLE

        path = os.path.join(self.folder, HIDDEN_CHECKS)
        found = _checks_of(path, lambda: compile(source, path, "exec"))  # no cache, which might be given away
        return tuple(c._replace(visibility=HIDDEN) if c.visibility == VISIBLE else c for c in found)

    def read(self, name: str) -> bytes | None:
        """The contents of one of its files; None if it has no such file."""
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def starter(self, suffix: str) -> bytes | None:
        """What learners begin with in the language of `suffix`; None if the exercise is not offered in it."""
        return self.read(f"starter{suffix}")

    def languages(self) -> list[str]:
        """The names of the languages that it is offered in."""
        return [language.name for language in all_languages() if self.starter(language.suffixes[0]) is not None]

    def files_to_start(self, language: str) -> dict[str, bytes]:
        """What a learner begins with: name -> contents, the file to edit first.

        Raises UsageError if the exercise is not offered in `language`.
        """
        suffix = next(known.suffixes[0] for known in all_languages() if known.name == language)
        starter = self.starter(suffix)
        if starter is None:
            raise UsageError(f"{self.slug} is not offered in {language}; it is in {' and '.join(self.languages())}.")
        files = {self.function + suffix: starter, "statement.md": self.statement()}
        header = self.header()
        return files | ({header[0]: header[1]} if header and language == "c" else {})

    def statement(self) -> bytes:
        """What the learner is asked for, in the language that is spoken if it is there in that."""
        return self.read(f"statement.{i18n.language()}.md") or self.read("statement.md") or b""

    def header(self) -> tuple[str, bytes] | None:
        """The C header that declares the function, as name and contents; None for a program."""
        name = self._header_name
        content = self.read(name) if name else None
        return (name, content) if content is not None else None


def _checks_of(path: str, code: Callable[[], CodeType | None]) -> tuple[Check, ...]:
    """What a file of checks defines. Raises HarnessError if it cannot be run."""
    from .vocabulary import Check

    names: dict[str, object] = {"__name__": os.path.basename(path), "__file__": path}
    try:
        exec(code(), names)  # type: ignore[arg-type]
    except HarnessError as error:
        raise HarnessError(f"{path}: {error}") from error
    except Exception as error:
        raise HarnessError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    return tuple(value for value in names.values() if isinstance(value, Check))


def exercises_folder() -> str:
    """Where the exercises are: inside an installed package, or beside the harness in a checkout.

    Raises HarnessError if they are in neither place.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    for folder in (os.path.join(package, "exercises"), os.path.join(package, "..", "..", "exercises")):
        if os.path.isdir(folder):
            return os.path.normpath(folder)
    raise HarnessError(f"no exercises are installed beside {package}; reinstall socklab")


def all_exercises() -> list[Exercise]:
    """Every exercise, in the order in which they are meant to be solved."""
    top = exercises_folder()
    found = [Exercise(os.path.join(top, name)) for name in sorted(os.listdir(top)) if _is_exercise(top, name)]
    return sorted(found, key=lambda exercise: (exercise.facts["order"], exercise.slug))


def _is_exercise(top: str, name: str) -> bool:
    return os.path.isfile(os.path.join(top, name, "exercise.toml"))


def exists(slug: str) -> bool:
    """Whether there is an exercise of that name."""
    return os.sep not in slug and _is_exercise(exercises_folder(), slug)


def find(slug: str) -> Exercise:
    """The exercise of that name.

    Raises UsageError, with the nearest names, if there is none.
    """
    import difflib

    top = exercises_folder()
    if os.sep not in slug and _is_exercise(top, slug):
        return Exercise(os.path.join(top, slug))
    names = [name for name in sorted(os.listdir(top)) if _is_exercise(top, name)]
    near = difflib.get_close_matches(slug, names, n=1, cutoff=0.5)
    advice = f"Did you mean {near[0]}?" if near else f"There is: {', '.join(names)}."
    raise UsageError(f"there is no exercise called {slug!r}. {advice}")


def infer(path: str) -> Exercise:
    """The exercise that a file is meant for, by its own name or that of a folder above it.

    Raises UsageError if none fits.
    """
    top = exercises_folder()
    parts = os.path.abspath(path).split(os.sep)
    stem = os.path.splitext(parts[-1])[0]
    for part in (stem, *reversed(parts[:-1])):
        name = part.lower().replace("-", "_").replace(" ", "_")
        slug = name.replace("_", "-")
        if _is_exercise(top, slug):
            return Exercise(os.path.join(top, slug))
        for other in os.listdir(top):
            if os.path.exists(os.path.join(top, other, f"{name}.h")):
                return Exercise(os.path.join(top, other))
    raise UsageError(
        f"{path}: its name does not say which exercise it is for. "
        f"Name the exercise first (socklab check EXERCISE {path}), or call the file after it, such as is_port_open.c."
    )


def solutions_folder() -> str | None:
    """Where the solutions are, in a checkout; None in an installed package, which has none."""
    folder = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "solutions"))
    return folder if os.path.isdir(folder) else None
