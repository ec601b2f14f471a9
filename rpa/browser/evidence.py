"""Evidence: pictures of what was on the screen, without what is personal."""

from base64 import b64decode
from collections.abc import Collection
from functools import cache
from pathlib import Path

from playwright.sync_api import CDPSession, Error, Frame
from playwright.sync_api import Page as Window

from rpa.browser.screen import Screen
from rpa.browser.wording import told
from rpa.errors import ApplicationException

TRIES = 4
"""A page that moves while the picture is taken shows what was covered: that picture is thrown away."""


def picture(screen: Screen, hide: Collection[str], fields: Collection[str] = ()) -> bytes:
    """Return a PNG of the screen's window, as much of it as is in sight.

    Black in it is every place, in any frame, where a text of *hide* stands, letters and digits compared; what the
    map's *fields* show, wherever that stands; and what passwords are typed into. The boxes are in the page before
    the picture is taken, so that no other picture ever was. What is drawn (images, canvases) is not looked into.
    Raises `ApplicationException` where no picture could be taken that is certain to be covered.
    """
    doing = f"{screen.name}: take a picture"
    with screen.desk.patience.at_most(screen.desk.seconds), told(doing):
        texts = [*hide, *screen.shown(fields)]
        line = screen.desk.patience.line(screen.window)
        for _ in range(TRIES):
            taken = _taken(screen.window, texts, line)
            if taken is not None:
                return taken
    raise ApplicationException(f"{doing}: the page keeps changing, so it can't be covered")


def _taken(window: Window, texts: list[str], line: CDPSession) -> bytes | None:
    """Return the picture; None where a frame changed while it was taken."""
    frames = window.frames
    covered = [_masked(frame, texts, off=False) for frame in frames]
    try:
        shot = (
            line.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            if all(covered)
            else {}
        )
    finally:
        held = [_masked(frame, texts, off=True) for frame in frames]
    return b64decode(shot["data"]) if all(covered) and all(held) and frames == window.frames else None


def _masked(frame: Frame, texts: list[str], *, off: bool) -> bool:
    """Put the boxes on, or take them off; tell whether they are there, or were until now over all they should."""
    try:
        return bool(frame.evaluate(_script(), {"texts": texts, "off": off}))
    except Error:
        return False


@cache
def _script() -> str:
    return Path(__file__).with_name("mask.js").read_text("utf-8")
