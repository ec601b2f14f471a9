"""Clicks on Save, through the product's own session, and what became of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Browser, BrowserContext

from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.errors import ApplicationException
from rpa.fields.base import ScreenValue
from tests.fuse.desk import Desk

FORM: dict[str, Any] = {
    "see": "New claim",
    "fields": {"Claim number": "Claim number", "Scan": "Scan"},
    "buttons": {"Save": {"label": "Save", "to": "Saved"}},
}
TIMEOUT = "3s"
"""Long enough for a busy machine, shorter than a server stalls."""

PATIENCE = 10
"""Seconds until a page that polls must have done so."""

PAGES = {"Form": FORM | {"path": "/form"}, "Scan": FORM | {"path": "/scan"}, "Saved": {"see": "Saved"}}


@dataclass(frozen=True)
class Click:
    """What one click came to: *answered* by the page that the map declares, and what the way out *saw* if not."""

    number: str
    answered: bool
    saw: str | None


class Trusting:
    """A browser that takes a certificate which nobody has signed; with *past* its pages leave out the way out."""

    def __init__(self, browser: Browser, *, past: bool) -> None:
        self._browser, self._past = browser, past

    def new_context(self, **options: Any) -> BrowserContext:
        """Open a context."""
        if self._past:
            del options["proxy"]
        return self._browser.new_context(ignore_https_errors=True, **options)


@dataclass
class Clicker:
    """Clicks in one session."""

    session: Session
    desk: Desk
    scan: Path | None

    def click(self, number: str) -> Click:
        """Enter the claim *number* and press Save once."""
        screen = self.session.open("Scan" if self.scan else "Form")
        screen.fill({"Claim number": ScreenValue((f"CL-{number}",), lambda shown: shown == f"CL-{number}")})
        if self.scan:
            screen.attach("Scan", self.scan)
        if self.desk.polls:  # the page's clock has gone on for longer than a form takes to fill
            assert self.desk.ticked.wait(PATIENCE), "the page asks for no news"
        answered = True
        with self.session.armed() as fuse:
            try:
                screen.press("Save")
            except ApplicationException:
                answered = False
            saw = fuse.told()
        return Click(number, answered, saw)


@contextmanager
def clicker(browser: Browser, desk: Desk, *, scan: Path | None = None, past: bool = False) -> Iterator[Clicker]:
    """Open a session with *desk*; *past* leaves out the way out, to show what happens without it."""
    system = System.model_validate({"system": "desk", "url": desk.url, "timeout": TIMEOUT, "pages": PAGES})
    with Session(cast("Browser", Trusting(browser, past=past)), system, None) as session:
        yield Clicker(session, desk, scan)
