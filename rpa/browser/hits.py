"""Places in the window where the real mouse presses a button."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from playwright.sync_api import Frame

from rpa.browser import inpage, sight
from rpa.browser.answers import answers_of, differing, names_of
from rpa.browser.boxes import Box, Values, boxes_of
from rpa.browser.problems import check, problem
from rpa.browser.replies import SpotReply, understood
from rpa.browser.sight import Sight
from rpa.browser.tables import ScreenRow
from rpa.definitions.system import Button
from rpa.errors import ScreenDiffers


class Point(NamedTuple):
    """A place in the window, in CSS pixels from its upper left corner: for `page.mouse.click(*point)`."""

    x: float
    y: float


class Aim(NamedTuple):
    """Where the mouse reaches a button, and what the page looks like in that moment."""

    place: Point
    seen: Sight


def aim(
    frame: Frame,
    button: Button,
    row: ScreenRow | None = None,
    values: Values | None = None,
    *,
    asked: Mapping[str, object] | None = None,
    home: str | None = None,
    timeout: float = 0.0,
) -> Aim:
    """Return where the mouse reaches a button, link or image, in *row* or on the page; nothing is pressed.

    It is known by its whole text, value, alt, title or aria-label, and scrolled into sight if need be. In the same
    call *values* are read back, and the page is looked through for what is *asked*, see `sight.job`. Raises
    `ScreenDiffers` for fields that show something else; `NotOnScreen` where within *timeout* seconds there is not
    exactly one such button, or it is hidden, disabled or covered.
    """
    boxes = boxes_of(values or {}, home)
    calls = aim_calls(frame, button, row, boxes, asked or sight.job(), timeout)
    return aimed(frame, button, values or {}, boxes, inpage.several(frame, *calls))


def aim_calls(
    frame: Frame,
    button: Button,
    row: ScreenRow | None,
    boxes: Sequence[Box],
    asked: Mapping[str, object],
    timeout: float,
) -> list[tuple[str, Mapping[str, object]]]:
    """Return the calls into the page whose answers `aimed` takes."""
    looked = {"boxes": [box.job(frame) for box in boxes]}
    return [("point", _job(button, row, timeout)), ("look", looked), ("sight", asked)]


def aimed(frame: Frame, button: Button, values: Values, boxes: Sequence[Box], answers: Sequence[Any]) -> Aim:
    """Return what the page has answered to `aim_calls`; raise as `aim` does."""
    spot, shown, seen = answers
    lost = names_of(differing(values, answers_of(boxes, shown)))
    if lost:
        raise ScreenDiffers(f"{', '.join(lost)} did not keep what was entered")
    return Aim(_place(frame, button, spot), sight.sight_of(seen))


def _job(button: Button, row: ScreenRow | None, timeout: float) -> dict[str, object]:
    wanted = {"label": button.label, "css": button.css, "nth": button.nth, "row": row and row.job()}
    return {**wanted, "wait": timeout * 1000}


def _place(frame: Frame, button: Button, spot: Any) -> Point:
    name = button.label or button.css or "button"
    return outside(frame, understood(SpotReply, check(name, spot, button)), name)


def outside(frame: Frame, spot: SpotReply, name: str) -> Point:
    """Return where a place that a script found stands in the window.

    A script carries its place out through the frames that it may look into. A frame of another origin hides its
    surroundings, so from there the way goes on over the elements that hold the frames.
    """
    holder, place = frame, Point(spot.x, spot.y)
    for _ in range(spot.up):
        holder = holder.parent_frame or holder
    while holder.parent_frame:
        place = _through(holder, place, name)
        holder = holder.parent_frame
    return place


def _through(frame: Frame, place: Point, name: str) -> Point:
    with inpage.page_errors():
        found = frame.frame_element().evaluate(inpage.script("throughHolder"), list(place))
    if found is None:
        raise problem(name, "covered", {"by": "something over its frame"})
    reply = understood(SpotReply, dict(zip("xy", found, strict=False)) | {"up": 0})
    return Point(reply.x, reply.y)
