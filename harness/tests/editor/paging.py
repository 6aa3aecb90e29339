"""A learner at the page, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

from front_door import SECONDS
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from serving import Server

PATIENCE = SECONDS / 2 * 1000
"""Milliseconds that anything on the page may take; generous, since many tests may run at once."""

_PASTE = """(element, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


class Learner:
    """One tab. `problems`: what went wrong in it; `requests`: the address of everything that it asked for."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.server = server
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # The browser itself notes each request that had no answer, or was refused.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def arrive(self, exercise: str = "", lang: str = "") -> None:
        """Open the printed address, and then an exercise's."""
        self.page.goto(self.server.address)
        self.wait_until_ready()
        if exercise:
            self.page.evaluate("at => { location.hash = at }", f"{exercise}/{lang}")
            expect(self.file_name).to_have_text(f"{exercise.replace('-', '_')}.{ {'c': 'c', 'python': 'py'}[lang] }")

    def wait_until_ready(self) -> None:
        """Wait until there is a file in the editor."""
        expect(self.page.locator("body.ready")).to_be_visible()

    @property
    def file_name(self) -> Locator:
        """The file's name above the editor."""
        return self.page.locator("#file-name")

    @property
    def code(self) -> Locator:
        """Where one types."""
        return self.page.get_by_role("textbox", name=re.compile("^(Code|코드): "))

    @property
    def verdict(self) -> Locator:
        """How far it is, or how it went."""
        return self.page.locator("#verdict")

    def notice(self, name: str) -> Locator:
        """A bar above the code."""
        return self.page.locator(f'[data-name="{name}"]')

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name).first.click()

    def write(self, text: str) -> None:
        """Paste `text` over all that there is."""
        self.code.focus()
        self.page.keyboard.press("Control+a")
        self.code.evaluate(_PASTE, text)

    def run(self, text: str | None = None) -> None:
        """Run what there is, or `text`, to its end."""
        if text is not None:
            self.write(text)
        self.begin()
        expect(self.page.locator("body.busy")).to_have_count(0)

    def begin(self) -> None:
        """Press the keys for Run, and wait until the server is asked: what is seen of a short run may be gone at the next look."""
        with self.page.expect_request(f"{self.server.origin}/api/runs"):
            self.page.keyboard.press("Control+Enter")

    def expect_saved(self, text: str) -> None:
        """Wait until the page says that it is saved, and see that it is."""
        expect(self.page.locator("#file-state")).to_have_text("saved")
        assert self.on_disk.read_text() == text

    @property
    def on_disk(self) -> Path:
        """The learner's file."""
        return self.server.folder / self.file_name.inner_text()

    def wait_for(self, true: Callable[[], bool], what: str) -> None:
        """Wait for something that only a look from outside the page tells."""
        for _ in range(int(PATIENCE / 20)):
            if true():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"it took too long: {what}")
