"""A single field entered by real keys: for masks, key filters, suggestions, and what else came out different."""

from playwright.sync_api import Frame

from rpa.browser import inpage
from rpa.browser.boxes import Box
from rpa.browser.deadline import Deadline
from rpa.browser.hits import outside
from rpa.browser.problems import check
from rpa.browser.replies import HeldReply, SpotReply, understood

KEY_PAUSES_MS = (0, 15, 50)
"""Pause after each key, by attempt: scripts that lose fast keys get slower ones."""


def enter(frame: Frame, box: Box, until: Deadline, attempt: int) -> None:
    """Type a box's text with real keys, pick a suggestion that shows it, and leave the field.

    What the box shows in the end is for the caller to read. Raises what `problems` names, for a field that a
    person could not use; `PageWentAway` where the entry loads another page.
    """
    for text in filter(None, box.texts) if box.shelf else (_joined(box),):
        _enter_one(frame, box, text, until, KEY_PAUSES_MS[min(attempt, len(KEY_PAUSES_MS) - 1)])


def _joined(box: Box) -> str:
    return box.texts[0] if box.texts else ""


def _enter_one(frame: Frame, box: Box, text: str, until: Deadline, pause_ms: int) -> None:
    job = {"boxes": [{**box.job(frame), "texts": [text]}], "wait": until.milliseconds()}
    held = understood(HeldReply, check(box.name, inpage.call(frame, "hold", job), box.target))
    if held.spot:
        _press(frame, held.spot, box)
    else:
        _type(frame, text, pause_ms)
    _pick(frame, box, text, until)
    inpage.call(frame, "release", {"wait": until.milliseconds()})


def _type(frame: Frame, text: str, pause_ms: int) -> None:
    """Type over what is marked. A tab inside a text would leave the field, so it goes in as a space."""
    keyboard = frame.page.keyboard
    with inpage.page_errors():
        if text:
            keyboard.type(text.replace("\t", " "), delay=pause_ms)
        else:
            keyboard.press("Delete")


def _pick(frame: Frame, box: Box, text: str, until: Deadline) -> None:
    answer = inpage.call(frame, "suggestion", {"text": text, "wait": until.milliseconds()})
    spot = understood(HeldReply, answer).spot
    if spot:
        _press(frame, spot, box)
    else:
        with inpage.page_errors():
            frame.page.keyboard.press("Enter" if box.shelf else "Tab")


def _press(frame: Frame, spot: SpotReply, box: Box) -> None:
    place = outside(frame, spot, box.name)
    with inpage.page_errors():
        frame.page.mouse.click(*place)
