"""The lines of a table below its headings, and what stands in each column of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

REACHES = "reaches over the edge of its column: look at the line"
STANDS_BETWEEN = "is not clear which of two lines it belongs to: look at both"
"""What a clerk is told."""

_NEARER = 1.0
"""Points: a text that is nearer to the line below by more than this need not belong to the line above."""

_WRAPS = 1.8
"""What stands within so many heights below a line, and is no line of its own, goes on with it."""


@dataclass(frozen=True)
class TableLine:
    """A line of a table: the words in each column and where they stand or would stand; and all of its words.

    *unclear* tells of columns why their words may not be all, or not the line's own. It *fits* where its drawn
    cells are those of the headings.
    """

    page: Page
    cells: Mapping[str, tuple[Sequence[Word], Box]]
    words: Sequence[Word]
    unclear: Mapping[str, str] = field(default_factory=dict)
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


@dataclass
class _Lines:
    """What is printed from one line to the next, and the gaps between; *above* and *below* are in doubt."""

    parts: list[Sequence[Word]]
    gaps: list[float] = field(default_factory=list)
    above: Sequence[Word] = ()
    below: Sequence[Word] = ()

    def ends_before(self, gap: float) -> Sequence[Word]:
        """Return what goes on with this line, but may belong to the next one, which follows after *gap*."""
        if all(one <= gap + _NEARER for one in self.gaps):
            return ()
        return [word for part in self.parts[1:] for word in part]


def printed_lines(page: Page, columns: Columns, key: str | None, bottom: float) -> Iterator[TableLine]:
    """Yield the lines of a table without drawn cells, down to a gap; *key* is a column that each line fills.

    What stands below a line and does not fill that column goes on with the line. Where it stands nearer to the
    next one, as texts do that are set at the foot of their cells, it is in doubt in both.
    """
    last: _Lines | None = None
    for gap, words in _with_gaps(page, columns, bottom):
        height = words[0].box.height
        if gap > _FAR * height:
            break
        if last is not None and key is not None and gap < _WRAPS * height and not _in_column(words, columns, key):
            last.parts.append(words)
            last.gaps.append(gap)
            continue
        between: Sequence[Word] = ()
        if last is not None:
            last.below = between = last.ends_before(gap)
            yield _printed(page, columns, last)
        last = _Lines([words], above=between)
    if last is not None:
        yield _printed(page, columns, last)


def _with_gaps(page: Page, columns: Columns, bottom: float) -> Iterator[tuple[float, Sequence[Word]]]:
    """Yield the printed lines below the headings, each with the empty height above it."""
    end = columns.bottom
    below = [word for word in page.words if columns.bottom < word.box.top + NEAR and word.box.y < bottom]
    for words in lines_of(below):
        yield words[0].box.top - end, words
        end = words[0].box.bottom


def _in_column(words: Sequence[Word], columns: Columns, key: str) -> bool:
    return any(columns.spans[key].left <= word.box.x < columns.spans[key].right for word in words)


def _printed(page: Page, columns: Columns, lines: _Lines) -> TableLine:
    words = [word for part in lines.parts for word in part]
    segments = segments_of(words)
    height = around(word.box for word in words)
    cells, unclear = {}, {}
    for name, span in columns.spans.items():
        own = [word for word in words if span.left <= word.box.x < span.right]
        empty = Box(span.left, height.top, min(span.right, page.edges.page.right), height.bottom)
        cells[name] = own, around(word.box for word in own) if own else empty
        if any(_reaches_over(segment, span) for segment in segments):
            unclear[name] = REACHES
        elif any(span.left <= word.box.x < span.right for word in (*lines.above, *lines.below)):
            unclear[name] = STANDS_BETWEEN
    return TableLine(page, cells, words, unclear)


def _reaches_over(segment: Segment, span: Box) -> bool:
    """Tell whether words that stand together are partly in a column and partly beside it."""
    inside = [span.left <= word.box.x < span.right for word in segment.words]
    return any(inside) and not all(inside)
