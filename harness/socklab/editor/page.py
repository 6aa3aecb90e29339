"""The page itself: a template, the sentences of its language, and a policy that lets it load nothing from anywhere else."""

import secrets

import jinja2
from starlette.responses import HTMLResponse

from ..i18n import language
from .shelf import PAGE
from .texts import texts


class PageMaker:
    """Makes the page. `token`: what it is to say itself by; "" where the address says it."""

    def __init__(self, token: str) -> None:
        self._token = token
        found = jinja2.Environment(
            loader=jinja2.FileSystemLoader(PAGE),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._environment = found

    def answer(self) -> HTMLResponse:
        """The page, with a number used once for the style sheet that CodeMirror makes."""
        nonce = secrets.token_urlsafe(16)
        page = self._environment.get_template("index.html.j2").render(
            language=language(), texts=texts(), nonce=nonce, token=self._token
        )
        policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
            "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})
