"""Which of several boxes is ticked on a flat copy, where a tick is ink like any other."""

from collections.abc import Mapping

from rpa.documents.pdf.box import Box
from rpa.documents.pdf.drawn import drawn_square
from rpa.documents.pdf.labels import MARKS, Label
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.words import Word

REACH = 24.0
"""Points: a mark further than this from a label is not its tick."""

FRAME = 2.0
"""Points at the edge of a box that are its own line."""

INKED = 0.06
"""A box of which this share is dark has a tick in it: a thin cross covers 0.1 to 0.2, a light scan's dirt 0.02."""


def ticked(labels: Mapping[str, Label], where: Mapping[str, str]) -> dict[str, Box]:
    """Return those of *labels* that have a tick, with its box.

    A mark belongs to the label that is nearest to it on its line. Ticks that are drawn, and no letters, are seen
    in the drawn squares beside the labels; where there are none, such as with rings, in that a box is darker than
    the others.
    """
    found = _marked(labels, where)
    squares = {name: drawn_square(label, where[name]) for name, label in labels.items()}
    if all(squares.values()):
        return found | {name: box for name, box in squares.items() if box and inked(labels[name].page, box)}
    return found or _darker({name: _place(label, where[name]) for name, label in labels.items()}, labels)


def _marked(labels: Mapping[str, Label], where: Mapping[str, str]) -> dict[str, Box]:
    found: dict[str, Box] = {}
    for page in {label.page.number: label.page for label in labels.values()}.values():
        for mark in (word for word in page.words if word.text in MARKS):
            near = [
                (far, one) for one, label in labels.items() for far in _distance(mark, page, label, where[one])
            ]
            found |= {min(near)[1]: mark.box} if near else {}
    return found


def _darker(boxes: Mapping[str, Box], labels: Mapping[str, Label]) -> dict[str, Box]:
    """Return the places that are darker than the lightest of them."""
    ink = {name: labels[name].page.ink(box) for name, box in boxes.items()}
    return {name: boxes[name] for name, share in ink.items() if share > min(ink.values()) + INKED}


def _place(label: Label, where: str) -> Box:
    """Return where a label's box is, as far as other words leave room for it."""
    line = label.words[0].box
    if where == "right":
        line = label.line.box
        return line._replace(left=line.right, right=line.right + REACH)
    words = [word.box.right for word in label.page.words if word.box.beside(line) and word.box.right <= line.left]
    return line._replace(left=max([line.left - REACH, *words]), right=line.left)


def inked(page: Page, square: Box) -> bool:
    """Tell whether something is drawn into a box to tick."""
    return page.ink(square.grown(-FRAME)) > INKED


def _distance(mark: Word, page: Page, label: Label, where: str) -> list[float]:
    """Return the points between a mark and a label on its line, if they are near."""
    if page is not label.page or mark in label.words or not mark.box.beside(label.box):
        return []
    left, right = label.box.left - mark.box.right, mark.box.left - label.box.right
    far = {"left": left, "right": right}.get(where, max(left, right))
    return [far] if -1 <= far <= REACH else []
