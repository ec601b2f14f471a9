"""The form in front of us: entered in one call into the page, read back, entered again only where it differs."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Frame

from rpa.browser import inpage, keys, sight
from rpa.browser.answers import Answer, answers_of, differing, names_of, one_text
from rpa.browser.boxes import Box, Values, boxes_of, boxes_to_read, place
from rpa.browser.deadline import Deadline
from rpa.browser.hits import Aim, Point, aim, aim_calls, aimed
from rpa.browser.inpage import PageWentAway, page_errors
from rpa.browser.origin import refuse_elsewhere
from rpa.browser.problems import check, problem
from rpa.browser.replies import Replies, ShownReply, TextsReply, understood
from rpa.browser.tables import ScreenRow, table_job
from rpa.definitions.system import Button, Page, ScreenField
from rpa.errors import ApplicationException, NotOnScreen, ScreenDiffers

__all__ = [
    "Aim",
    "Point",
    "ScreenRow",
    "Values",
    "aim",
    "attach",
    "fill",
    "fill_and_aim",
    "holds",
    "matches",
    "read",
    "recognises",
]

ATTEMPTS = 4
"""How often a field that shows something else is entered: once with all the others, then alone by keys."""

NAMED_WITHIN = 5.0
"""Seconds in which a page that uploads a file at once has to name it."""


def fill(frame: Frame, values: Values, *, timeout: float, home: str | None = None) -> None:
    """Make the form say this: enter what it does not show yet, and read every field back.

    Fields are entered in the given order, in one call. What an entry sets off (requests, short timers, another
    page) is waited for, and so is a field or a choice that is not there yet, up to *timeout* seconds in all.
    What is secret or personal is given to no page of another origin than *home*.

    Raises `BusinessException` for a text that the screen cannot take, before anything is typed; `NotOnScreen` for
    a field that a person could not find or use; `ScreenDiffers` for one that shows something else in the end;
    `DefinitionError` for a page map that cannot be; `ApplicationException` where the browser fails.
    """
    until = Deadline.after(timeout)
    boxes = boxes_of(values, home)
    todo, attempt = boxes, 0
    while todo:
        try:
            wrong = differing(values, _enter(frame, todo, until, attempt) or _look(frame, boxes))
            todo, attempt = [one.by_keys() for one in wrong], attempt + 1
        except PageWentAway:
            todo = _left_over(frame, values, boxes, until)
        if todo and (attempt >= ATTEMPTS or until.over()):
            raise problem(todo[0].name, "differs", {}, todo[0].target)


def _enter(frame: Frame, boxes: Sequence[Box], until: Deadline, attempt: int) -> list[Answer] | None:
    """Enter *boxes* in order; return what they show where one call could enter all, on the first attempt."""
    shown: list[Answer] = []
    for by_keys, some in groupby(boxes, lambda box: box.by_keys):
        if by_keys:
            for box in some:
                keys.enter(frame, box, until, attempt)
        else:
            shown += _enter_at_once(frame, list(some), until)
    return shown if attempt == 0 and len(shown) == len(boxes) else None


def fill_and_aim(
    frame: Frame, entering: Values, button: Button, values: Values, *, timeout: float, home: str
) -> Aim | None:
    """Do `fill` and then `aim`, in one call; None where it takes more than that: the form may be half filled in.

    *values* are read back, those that are *entering* among them. Raises as `fill` does for what can't be entered.
    """
    boxes, meant = boxes_of(entering, home), boxes_of(values, home)
    if any(box.by_keys for box in boxes):
        return None
    fills = ("fill", {**_jobs(frame, boxes), "wait": timeout * 1000, "readBack": False})
    with suppress(PageWentAway):
        answer, *rest = inpage.several(frame, fills, *aim_calls(frame, button, None, meant, sight.job(), 0.0))
        _without_trouble(boxes, answer)
        with suppress(NotOnScreen, ScreenDiffers):
            return aimed(frame, button, values, meant, rest)
    return None


def _enter_at_once(frame: Frame, boxes: list[Box], until: Deadline) -> list[Answer]:
    job = {**_jobs(frame, boxes), "wait": until.milliseconds(), "readBack": True}
    return answers_of(boxes, _without_trouble(boxes, inpage.call(frame, "fill", job)))


def _without_trouble(boxes: list[Box], answer: object) -> object:
    """Return the *answer* to `fill`; raise for the box that could not be entered."""
    met = next(
        (box for at, box in enumerate(boxes) if isinstance(answer, dict) and at == answer.get("at")), boxes[0]
    )
    return check(met.name, answer, met.target)


def _look(frame: Frame, boxes: Sequence[Box]) -> list[Answer]:
    return answers_of(boxes, inpage.call(frame, "look", _jobs(frame, boxes)))


def _jobs(frame: Frame, boxes: Sequence[Box]) -> dict[str, object]:
    return {"boxes": [box.job(frame) for box in boxes]}


def _left_over(frame: Frame, values: Values, boxes: Sequence[Box], until: Deadline) -> list[Box]:
    """Return the boxes that the page which came does not show as meant."""
    while True:
        with page_errors():
            frame.wait_for_load_state("domcontentloaded", timeout=max(1.0, until.milliseconds()))
        try:
            return [one.box for one in differing(values, _look(frame, boxes))]
        except PageWentAway:
            if until.over():
                raise


def matches(frame: Frame, values: Values, home: str | None = None) -> tuple[list[str], str]:
    """Return the names of the fields that do not show what is meant, and of the document; changes nothing."""
    boxes = boxes_of(values, home)
    answer, seen = inpage.several(frame, ("look", _jobs(frame, boxes)), ("sight", sight.job()))
    return names_of(differing(values, answers_of(boxes, answer))), sight.sight_of(seen).document


def read(frame: Frame, fields: Mapping[str, ScreenField]) -> dict[str, str]:
    """Return what the screen shows for each field.

    Of an input that is its value, of a choice its text (several with "; " between), of a check box "yes" or "no";
    where there is no input, the text beside or below the label. The parts of a split value are joined with a
    space. Passwords stay in the page. Raises `NotOnScreen` for a field that is not there, or there more than once.
    """
    boxes = boxes_to_read(fields)
    answers = understood(Replies, inpage.call(frame, "read", _jobs(frame, boxes))).shown
    if len(answers) != len(boxes):
        raise ApplicationException(inpage.NO_ANSWER)
    shown: dict[str, list[str]] = {name: [] for name in fields}
    for box, answer in zip(boxes, answers, strict=True):
        texts = understood(TextsReply, check(box.name, answer, box.target)).texts
        shown[box.name].append(one_text(box, fields[box.name], texts))
    return {name: " ".join(texts) for name, texts in shown.items()}


def attach(frame: Frame, target: ScreenField, path: Path, home: str | None = None) -> None:
    """Give the file at *path* to a file field, and see that the page names it.

    Raises `NotOnScreen` where there is no such field, `ScreenDiffers` where the file is not named afterwards,
    `ApplicationException` where the page is of another origin than *home*.
    """
    name = target.label or target.css or "file"
    if home:
        refuse_elsewhere(frame, name, home, secret=False)
    check(name, inpage.call(frame, "seekFile", place(target)), target)
    with page_errors():
        receiver = inpage.element(frame, "fileElement")
        if receiver is not None:
            receiver.set_input_files(path)
    if receiver is None or not _names(frame, path.name):
        raise problem(name, "not-attached", {}, target)


def holds(frame: Frame, target: ScreenField, name: str) -> bool:
    """Tell whether a file field shows the file *name* or, where an upload has replaced it, the page does."""
    inpage.call(frame, "seekFile", place(target))
    return understood(ShownReply, inpage.call(frame, "attached", {"name": name, "wait": 0})).shown


def _names(frame: Frame, name: str) -> bool:
    """Tell whether the page names the file; one that uploads at once may load another page first."""
    until = Deadline.after(NAMED_WITHIN)
    while not until.over():
        try:
            answer = inpage.call(frame, "attached", {"name": name, "wait": until.milliseconds()})
            return understood(ShownReply, answer).shown
        except PageWentAway:
            continue
    return False


def recognises(frame: Frame, page: Page) -> str | None:
    """Return the name of the document if it shows more than half of the fields, buttons and tables of *page*."""
    job = {
        "fields": [box.job(frame) for box in boxes_to_read(page.fields)],
        "buttons": [{"label": one.label, "css": one.css, "nth": one.nth} for one in page.buttons.values()],
        "tables": [{**table_job(table), "empty": table.empty} for table in page.tables.values()],
    }
    known, seen = inpage.several(frame, ("recognises", job), ("sight", sight.job()))
    return sight.sight_of(seen).document if known is True else None
