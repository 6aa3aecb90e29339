"""A server for each test that asks for one, and learners at its page."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from serving import Server, serve

if TYPE_CHECKING:
    from paging import Learner
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str | None]:
    """A history of its own, which begins now."""
    return {"SOCKLAB_HISTORY": None, "XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for a learner's files."""
    made = tmp_path / "mine"
    made.mkdir()
    return made


@pytest.fixture
def served(folder: Path, environment: dict[str, str | None]) -> Iterator[Server]:
    """A server of an empty folder of its own."""
    with serve(folder, env=environment) as server:
        yield server


@pytest.fixture
def learner(browser: "Browser") -> Iterator[Callable[..., "Learner"]]:
    """Makes a learner's tab at a server: in a browser of its own, or in that of `beside`. None of them meets with a problem."""
    from paging import Learner

    contexts: list[BrowserContext] = []
    learners: list[Learner] = []

    def come(server: Server, *, beside: Learner | None = None, scheme: str = "light", width: int = 1280) -> Learner:
        if beside:
            context = beside.page.context
        else:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            contexts.append(context)
        learners.append(Learner(context, server))
        return learners[-1]

    yield come
    problems = [problem for each in learners for problem in each.problems]
    for context in contexts:
        context.close()
    assert problems == []
