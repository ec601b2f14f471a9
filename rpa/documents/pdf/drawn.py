"""Boxes that are drawn for one letter or one tick each."""

from collections.abc import Callable

from rpa.documents.pdf.box import Box
from rpa.documents.pdf.edges import Edges
from rpa.documents.pdf.labels import Label

SQUARE = 18.0
"""Points: a drawn square up to this size is a box to tick."""

COMB_BOX = 26.0
"""Points: a drawn box up to this width takes one letter."""

COMB_GAP = 20.0
"""Points between groups of such boxes, as in a Social Security number."""

JUST_INSIDE = 1.5
"""Points from a cell's edge to a place that is surely in the next cell."""


def comb(edges: Edges, one: Box) -> list[Box]:
    """Return *one* and the boxes of its height beside it, if it is a box for one letter."""
    if one.width > COMB_BOX:
        return [one]
    page = edges.page
    left = _run(edges, one, lambda box: box.left - JUST_INSIDE if box.left > page.left else None)
    return [*left, one, *_run(edges, one, lambda box: box.right + JUST_INSIDE if box.right < page.right else None)]


def _run(edges: Edges, one: Box, step: Callable[[Box], float | None]) -> list[Box]:
    """Return the boxes like *one* in one direction, over gaps no wider than between groups of digits."""
    run, last = [], one
    while (x := step(last)) is not None:
        last = edges.cell(x, one.y)
        if abs(last.top - one.top) < JUST_INSIDE and abs(last.bottom - one.bottom) < JUST_INSIDE:
            run.append(last)
        elif last.width > COMB_GAP:
            break
    return [box for box in run if box.width <= COMB_BOX]


def drawn_square(label: Label, where: str) -> Box | None:
    """Return the box to tick that is drawn at the label's left or right side, if one is."""
    first, last = label.words[0].box, label.line.box
    left = [(first.left - step, first.y) for step in range(1, int(SQUARE), 3)]
    right = [(last.right + step, last.y) for step in range(1, int(SQUARE), 3)]
    points = {"auto": left + right, "left": left, "right": right}.get(where, [])
    cells = (label.page.edges.cell(x, y) for x, y in points)
    return next((cell for cell in cells if _is_square(cell)), None)


def _is_square(cell: Box) -> bool:
    return max(cell.width, cell.height) <= SQUARE and abs(cell.width - cell.height) < SQUARE / 4
