"""Where on a page the headings of a table stand, and so its columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rpa.documents.likeness import packed
from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.segments import lines_of, segments_of
from rpa.documents.pdf.words import Word
from rpa.errors import DocumentProblem

LEVELS = 3
"""Headings stand in this many rows one upon the other at most."""

NEAR = 2.0
"""Points by which two drawn lines that are meant to be one may differ."""

_WRAPPED = 2.2
"""Lines of one heading, and headings upon one another, follow within this many of their heights."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table on one page, by the names of their values; lines of the table come below *bottom*.

    *ruled* tells whether the cells are drawn; else the columns reach halfway to the next heading. *others* are the
    columns beside them that nobody wants: their words belong to none.
    """

    spans: Mapping[str, Box]
    bottom: float
    ruled: bool
    others: Sequence[Box] = ()


@dataclass(frozen=True)
class _Cell:
    text: str
    box: Box


def columns_on(page: Page, wanted: Mapping[str, str], top: float) -> Columns | None:
    """Return the columns with the headings *wanted* that stand highest on *page* below *top*, if they are there.

    Headings in several rows may be called by the lowest alone or together: `Amount`, `Payment Amount`. Raises
    `DocumentProblem`, kind missing, where a heading is there twice.
    """
    below = [word for word in page.words if word.box.y > top]
    letters = packed("".join(word.text for word in below))
    if not all(packed(word) in letters for text in wanted.values() for word in text.split()):
        return None
    return _in(_drawn(page, below), wanted, ruled=True) or _in(_printed(below), wanted, ruled=False)


def _drawn(page: Page, words: Sequence[Word]) -> list[_Cell]:
    """Return the drawn cells that hold words."""
    held: dict[Box, list[Word]] = {}
    whole = page.edges.page
    for word in words:
        cell = page.edges.cell(word.box.x, word.box.y)
        if cell.left > whole.left and cell.right < whole.right and cell.bottom < whole.bottom:
            held.setdefault(cell, []).append(word)
    return [_Cell(_text(inside), cell) for cell, inside in held.items()]


def _printed(words: Sequence[Word]) -> list[_Cell]:
    """Return the segments of each line, which without drawn lines are the cells of a row of headings."""
    return [_Cell(segment.text, segment.box) for segment in segments_of(words)]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for line in lines_of(words) for word in line)


def _in(cells: Sequence[_Cell], wanted: Mapping[str, str], *, ruled: bool) -> Columns | None:
    found = {name: list(_called(cells, text, ruled=ruled)) for name, text in wanted.items()}
    if not all(found.values()):
        return None
    rows = sorted({cell.box.bottom for cell in found[min(found, key=lambda name: len(found[name]))]})
    for bottom in rows:
        row = {
            name: [cell for cell in every if _same_row(cell.box, bottom, ruled=ruled)]
            for name, every in found.items()
        }
        if all(row.values()):
            return _columns(row, cells, wanted, ruled=ruled)
    return None


def _same_row(box: Box, bottom: float, *, ruled: bool) -> bool:
    return abs(box.bottom - bottom) < (NEAR if ruled else box.height * 0.5)


def _columns(
    row: Mapping[str, Sequence[_Cell]], cells: Sequence[_Cell], wanted: Mapping[str, str], *, ruled: bool
) -> Columns:
    for name, found in row.items():
        if len(found) > 1:
            words = f'the table has {len(found)} columns "{wanted[name]}": add the heading above it'
            raise DocumentProblem("missing", words)
    heads = {name: found[0].box for name, found in row.items()}
    bottom = max(head.bottom for head in heads.values())
    if ruled:
        return Columns(heads, bottom, ruled=True)
    level = [one.box for one in cells if _same_row(one.box, bottom, ruled=False)]
    spans = {name: _between(head, level) for name, head in heads.items()}
    others = [_between(one, level) for one in level if one not in heads.values()]
    return Columns(spans, bottom, ruled=False, others=others)


def _between(head: Box, level: Sequence[Box]) -> Box:
    """Return the column below a heading: halfway to the headings on both sides."""
    left = max(((one.right + head.left) / 2 for one in level if one.right <= head.left), default=0.0)
    right = min(((one.left + head.right) / 2 for one in level if one.left >= head.right), default=float("inf"))
    return head._replace(left=left, right=right)


def _called(cells: Sequence[_Cell], text: str, *, ruled: bool) -> Iterator[_Cell]:
    """Yield the cells that are called *text*, alone or together with what stands above them."""
    wanted = packed(text)
    for cell in cells:
        if wanted.endswith(packed(cell.text)) and cell.text:
            above = _above(cell, cells, ruled=ruled)
            names = [cell.text]
            for one in above:
                names.append(f"{one.text} {names[-1]}")
            if wanted in map(packed, names):
                yield _whole(cell, above, wanted, ruled=ruled)


def _whole(cell: _Cell, above: Sequence[_Cell], wanted: str, *, ruled: bool) -> _Cell:
    """Return the cell; a heading that is printed in several lines is as wide as the widest of them."""
    if ruled or packed(cell.text) == wanted:
        return cell
    narrow = [one for one in above if one.box.width < 2 * cell.box.width]
    box = around([cell.box, *(one.box for one in narrow)])
    return _Cell(cell.text, box._replace(top=cell.box.top, bottom=cell.box.bottom))


def _above(cell: _Cell, cells: Sequence[_Cell], *, ruled: bool) -> list[_Cell]:
    """Return what stands above a cell, from the nearest on."""
    found: list[_Cell] = []
    last = cell
    while len(found) < LEVELS - 1:
        nearest = [one for one in cells if _is_above(one.box, last.box, cell.box, ruled=ruled)]
        if not nearest:
            break
        last = max(nearest, key=lambda one: one.box.bottom)
        found.append(last)
    return found


def _is_above(one: Box, last: Box, cell: Box, *, ruled: bool) -> bool:
    if ruled:
        spans = one.left - NEAR <= cell.left and cell.right <= one.right + NEAR
        return spans and abs(one.bottom - last.top) < NEAR
    return one.over(cell) and 0 < last.y - one.y < _WRAPPED * last.height
