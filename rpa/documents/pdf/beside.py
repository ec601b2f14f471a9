"""The words that a person takes for a label's value where no form field says so.

Drawn lines decide first: a label that has room below it in its own cell is answered in that cell, a label that
fills its cell in the next one. Where nothing is drawn, the value is what follows on the line, else what stands
below. What belongs to another label, and what comes after `until`, is never part of a value. So an empty
answer is empty, and not the nearest printed words.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rpa.documents.likeness import packed
from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.drawn import JUST_INSIDE, comb
from rpa.documents.pdf.labels import Label
from rpa.documents.pdf.segments import Segment, lines_of, segments_of
from rpa.documents.pdf.words import Word

ROOM = 0.8
"""A cell that goes on below its label for this share of the label's height has room for a value."""

LINE_STEP = 1.7
"""Lines of one value follow one another within this many heights, where no drawn line ends it."""

SLIT = 5.0
"""Points: two boxes drawn with less between them are next to one another."""


@dataclass(frozen=True)
class Found:
    """The words of a value, which may be none, and where they stand or would stand."""

    words: tuple[Word, ...]
    box: Box
    comb: bool = False

    @property
    def text(self) -> str:
        """The words, line by line; the letters of a comb without spaces."""
        if self.comb:
            return "".join(word.text for word in sorted(self.words, key=lambda word: word.box.left))
        lines = [" ".join(word.text for word in line) for line in lines_of(self.words)]
        return _trimmed("\n".join(lines))


def value_beside(label: Label, where: str, until: str | None, others: Collection[Word]) -> Found:
    """Return what stands at *label* in the direction *where*; *others* are the words of all known labels."""
    found = _LOOKS[where](label, others)
    words = _before(found.words, until) if until else found.words
    return Found(words, around(word.box for word in words) if words else found.box, found.comb)


def _auto(label: Label, others: Collection[Word]) -> Found:
    """Look where the drawn lines lead; where nothing is drawn, to the right, and below what has no colon."""
    cell = _cell(label)
    if cell.bottom < label.page.edges.page.bottom and not (label.colon and label.rest):
        return _right(label, others) if _leads_right(label, cell) else _below(label, others)
    right = _right(label, others)
    return right if right.words or label.colon else _below(label, others)


def _leads_right(label: Label, cell: Box) -> bool:
    """Tell whether the next cell to the right is a box within the label's cell, or the next of a row of cells."""
    if cell.right >= label.page.edges.page.right:
        return False
    beside = label.page.edges.cell(cell.right + JUST_INSIDE, label.box.y)
    within = beside.top > cell.top - JUST_INSIDE and beside.bottom < cell.bottom + JUST_INSIDE
    return within and (beside.height < cell.height - SLIT or not _has_room(label, cell))


def _right(label: Label, others: Collection[Word]) -> Found:
    """Read the rest of the label's line; else the next words on it, within the cell or in the next cell."""
    rest = _own(_without_hint(label.rest), others)
    if _words_with_meaning(rest):
        return Found(rest, around(word.box for word in rest))
    reach = _cell(label)
    if _is_label_cell(label, reach):
        reach = label.page.edges.cell(reach.right + JUST_INSIDE, label.box.y)
    after = [one for one in _level(label, reach) if one.box.left >= label.line.box.right - 1]
    words = _own(after[0].words, others) if after else ()
    empty = reach._replace(
        left=max(reach.left, label.line.box.right), right=max(reach.right, label.line.box.right)
    )
    return Found(words, around(word.box for word in words) if words else empty)


def _left(label: Label, others: Collection[Word]) -> Found:
    cell = _cell(label)
    before = [one for one in _level(label, cell) if one.box.right <= label.box.left + 1]
    words = _own(before[-1].words, others) if before else ()
    empty = Box(cell.left, label.box.top, label.box.left, label.box.bottom)
    return Found(words, around(word.box for word in words) if words else empty)


def _below(label: Label, others: Collection[Word]) -> Found:
    cell = _cell(label)
    if not _has_room(label, cell):
        return _next_cell_below(label, cell, others)
    region = _column(label, cell)._replace(top=label.box.bottom)
    words = [word for word in label.page.words if _in_column(word.box, region) and word not in label.words]
    if cell.bottom >= label.page.edges.page.bottom:
        words = _near_lines(label.box, words)
    lines = _until_other(lines_of(words), others)
    return Found(tuple(lines), region)


def _above(label: Label, others: Collection[Word]) -> Found:
    cell = _cell(label)
    region = _column(label, cell)._replace(bottom=label.box.top)
    words = [word for word in label.page.words if _in_column(word.box, region)]
    last = lines_of(words)[-1:] if words else []
    near = last and label.box.y - last[0][0].box.y < LINE_STEP * 2 * label.box.height
    return Found(_own(last[0], others) if near else (), region)


_LOOKS = {"auto": _auto, "right": _right, "below": _below, "left": _left, "above": _above}


def _cell(label: Label) -> Box:
    return label.page.edges.cell(label.box.x, label.box.y)


def _has_room(label: Label, cell: Box) -> bool:
    return cell.bottom - label.box.bottom >= ROOM * label.box.height


def _is_label_cell(label: Label, cell: Box) -> bool:
    """Tell whether nothing but the label stands in the cell that is drawn around it."""
    drawn = cell.right < label.page.edges.page.right
    return drawn and not any(cell.holds(word.box) for word in label.page.words if word not in label.line.words)


def _next_cell_below(label: Label, cell: Box, others: Collection[Word]) -> Found:
    """Read the cell below the label's own; a row of narrow boxes is one value."""
    edges, x = label.page.edges, label.words[0].box.x
    below = edges.cell(x, cell.bottom + JUST_INSIDE)
    if below.height < SLIT:
        below = edges.cell(x, below.bottom + JUST_INSIDE)
    boxes = comb(edges, below)
    inside = [word for word in label.page.words if any(box.holds(word.box) for box in boxes)]
    return Found(_own(inside, others), around(boxes), comb=len(boxes) > 1)


def _column(label: Label, cell: Box) -> Box:
    """Return the part of *cell* that is the label's: up to the other words on its line."""
    level = [one for one in _level(label, cell) if one is not label.line]
    right = min((one.box.left for one in level if one.box.left > label.box.right), default=cell.right)
    left = max((one.box.right for one in level if one.box.right < label.box.left), default=None)
    return cell._replace(left=cell.left if left is None else label.line.box.left - 5, right=right)


def _level(label: Label, cell: Box) -> list[Segment]:
    """Return what stands on the label's line in *cell*, from left to right, without the label itself."""
    words = [
        word
        for word in label.page.words
        if cell.left <= word.box.x <= cell.right and word.box.beside(label.box) and word not in label.line.words
    ]
    return sorted(segments_of(words), key=lambda one: one.box.left)


def _in_column(box: Box, region: Box) -> bool:
    return region.left <= box.left and box.x <= region.right and region.top <= box.y <= region.bottom


def _near_lines(label: Box, words: Sequence[Word]) -> list[Word]:
    """Return the lines that follow the label one upon the other."""
    near: list[Word] = []
    last = label
    for line in lines_of(words):
        if line[0].box.y - last.y > LINE_STEP * max(last.height, line[0].box.height):
            break
        near.extend(line)
        last = line[0].box
    return near


def _until_other(lines: Iterable[Sequence[Word]], others: Collection[Word]) -> list[Word]:
    words: list[Word] = []
    for line in lines:
        own = _own(line, others)
        words.extend(own)
        if len(own) < len(line):
            break
    return words


def _own(words: Sequence[Word], others: Collection[Word]) -> tuple[Word, ...]:
    """Return the words up to the next label."""
    end = next((index for index, word in enumerate(words) if word in others), len(words))
    return tuple(words[:end])


def _without_hint(words: Sequence[Word]) -> Sequence[Word]:
    """Drop a hint in brackets: `(MM/DD/YYYY)`."""
    if not words or not words[0].text.startswith("("):
        return words
    end = next((index for index, word in enumerate(words) if word.text.endswith(")")), len(words))
    return words[end + 1 :]


def _words_with_meaning(words: Sequence[Word]) -> bool:
    return any(sign.isalnum() for word in words for sign in word.text)


def _before(words: Sequence[Word], until: str) -> tuple[Word, ...]:
    """Return the words before the text *until*."""
    wanted = packed(until)
    for start in range(len(words)):
        text = ""
        for word in words[start:]:
            text = packed(text + word.text)
            if text.startswith(wanted):
                return tuple(words[:start])
    return tuple(words)


def _trimmed(text: str) -> str:
    """Return the text without signs before it that are the form's; without letters and digits it is nothing."""
    text = text.lstrip("▶►→:_ \n").rstrip("_ \n")
    return text if any(sign.isalnum() for sign in text) else ""
