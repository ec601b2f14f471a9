"""The lines of a table below its headings, and what stands in each column of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rpa.documents.pdf.box import Box, around
from rpa.documents.pdf.drawn import JUST_INSIDE
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.segments import Segment, lines_of, segments_of
from rpa.documents.pdf.table.columns import NEAR, Columns
from rpa.documents.pdf.words import Word

THINNEST = 4.0
"""Points: drawn lines that are nearer to one another are one line, drawn double."""

_FAR = 3.0
"""Without drawn lines a table ends where so many heights of a line are empty."""

_WRAPS = 1.8
"""What stands within so many heights below a line, and is no line of its own, goes on with it."""


@dataclass(frozen=True)
class TableLine:
    """A line of a table: the words in each column and where they stand or would stand; and all of its words.

    *unclear* are the columns into which words reach that begin in another. It *fits* where its drawn cells are
    those of the headings.
    """

    page: Page
    cells: Mapping[str, tuple[Sequence[Word], Box]]
    words: Sequence[Word]
    unclear: frozenset[str] = frozenset()
    fits: bool = True

    def text(self, name: str) -> str:
        """Return what stands in a column, line by line."""
        words, _ = self.cells[name]
        return "\n".join(" ".join(word.text for word in line) for line in lines_of(words))

    @property
    def begins(self) -> list[str]:
        """What each part of the line begins with, to know the one that ends the table."""
        return [segment.text for segment in segments_of(self.words)]


def ruled_lines(page: Page, columns: Columns, bottom: float) -> Iterator[TableLine]:
    """Yield the lines whose cells are drawn, down to where the drawing ends; *bottom* is where the table must."""
    levels = _levels(page, columns)
    for top, end in pairwise(levels):
        cells = {name: page.edges.cell(span.x, (top + end) / 2) for name, span in columns.spans.items()}
        if end > bottom or not all(_is_closed(page, cell) for cell in cells.values()):
            return
        inside = {name: (_of_line(page, cell, columns.spans[name], top), cell) for name, cell in cells.items()}
        whole = Box(0, top, page.edges.page.right, end)
        words = [word for word in page.words if whole.holds(word.box)]
        fits = all(_is_in(cells[name], span) for name, span in columns.spans.items())
        yield TableLine(page, inside, words, fits=fits)


def _levels(page: Page, columns: Columns) -> list[float]:
    """Return the heights at which lines are drawn through any of the columns, from the headings down."""
    edges = (edge for edge in page.edges.level if any(edge.over(span) for span in columns.spans.values()))
    levels = [columns.bottom]
    for y in sorted(edge.y for edge in edges):
        if y - levels[-1] > THINNEST:
            levels.append(y)
    return levels


def _is_in(cell: Box, span: Box) -> bool:
    return abs(cell.left - span.left) < NEAR and abs(cell.right - span.right) < NEAR


def _is_closed(page: Page, cell: Box) -> bool:
    """Tell whether a cell is drawn on both sides."""
    return cell.left > page.edges.page.left and cell.right < page.edges.page.right


def _of_line(page: Page, cell: Box, span: Box, top: float) -> Sequence[Word]:
    """Return the words of a cell; of one that goes on from the line above or the column before they were read."""
    if cell.top < top - NEAR or cell.left < span.left - NEAR:
        return ()
    return [word for word in page.words if cell.holds(word.box)]


def columns_again(page: Page, columns: Columns) -> Columns | None:
    """Return the same drawn columns on a page that does not repeat the headings, if they go on there."""
    tops = sorted({edge.y for edge in page.edges.level})
    for top in tops:
        cells = [(page.edges.cell(span.x, top + JUST_INSIDE), span) for span in columns.spans.values()]
        if all(_is_in(cell, span) and cell.bottom < page.edges.page.bottom for cell, span in cells):
            return Columns(columns.spans, top, ruled=True)
    return None


def printed_lines(page: Page, columns: Columns, key: str | None, bottom: float) -> Iterator[TableLine]:
    """Yield the lines of a table without drawn cells, down to a gap; *key* is a column that each line fills.

    What stands below a line and does not fill that column goes on with the line.
    """
    below = [word for word in page.words if columns.bottom < word.box.top + NEAR and word.box.y < bottom]
    last: list[list[Word]] = []
    for words in lines_of(below):
        step = words[0].box.top - (last[-1][0].box.bottom if last else columns.bottom)
        height = words[0].box.height
        if step > _FAR * height:
            break
        if last and key is not None and step < _WRAPS * height and not _in_column(words, columns, key):
            last.append(words)
            continue
        if last:
            yield _printed(page, columns, last)
        last = [words]
    if last:
        yield _printed(page, columns, last)


def _in_column(words: Sequence[Word], columns: Columns, key: str) -> bool:
    return any(columns.spans[key].left <= word.box.x < columns.spans[key].right for word in words)


def _printed(page: Page, columns: Columns, lines: Sequence[Sequence[Word]]) -> TableLine:
    words = [word for line in lines for word in line]
    segments = segments_of(words)
    height = around(word.box for word in words)
    cells = {}
    for name, span in columns.spans.items():
        own = [word for word in words if span.left <= word.box.x < span.right]
        empty = Box(span.left, height.top, min(span.right, page.edges.page.right), height.bottom)
        cells[name] = own, around(word.box for word in own) if own else empty
    unclear = frozenset(
        name for name, span in columns.spans.items() if any(_reaches_over(segment, span) for segment in segments)
    )
    return TableLine(page, cells, words, unclear)


def _reaches_over(segment: Segment, span: Box) -> bool:
    """Tell whether words that stand together are partly in a column and partly beside it."""
    inside = [span.left <= word.box.x < span.right for word in segment.words]
    return any(inside) and not all(inside)
