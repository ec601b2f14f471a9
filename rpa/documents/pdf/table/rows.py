"""The records on the lines of a table that a form declares."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rpa.documents.base import Cell, Row, TablePlace
from rpa.documents.likeness import packed
from rpa.documents.pdf.labels import one_label
from rpa.documents.pdf.paper import Paper
from rpa.documents.pdf.sources import Sources
from rpa.documents.pdf.table.columns import Columns, columns_on
from rpa.documents.pdf.table.lines import TableLine, columns_again, printed_lines, ruled_lines
from rpa.documents.ways import NotFoundError
from rpa.errors import DocumentProblem


def table_rows(paper: Paper, table: TablePlace, sha256: str) -> list[Row]:
    """Return a row for each line; raise `DocumentProblem`, kind missing, without such a table, line or end."""
    try:
        found = _Table(paper, table)
        lines = list(found.lines())
    except NotFoundError as reason:
        raise DocumentProblem("missing", str(reason)) from None
    if table.until is not None and not found.ended:
        raise DocumentProblem("missing", f'the table does not end: "{table.until}" begins no line below it')
    rows = [_row(line, number, Sources(paper, sha256)) for number, line in enumerate(lines, start=1)]
    kept = [row for row in rows if _is_line(row, table.row_if)]
    if not kept:
        raise DocumentProblem("missing", "the table has no line that is filled in")
    return kept


@dataclass
class _Table:
    """A table, and whether the text that ends it was met."""

    paper: Paper
    table: TablePlace
    ended: bool = False

    def lines(self) -> Iterator[TableLine]:
        """Yield the lines, page by page, up to the one that ends the table."""
        for line in self._every():
            if self.table.until is not None and any(map(self._ends, line.begins)):
                self.ended = True
                return
            if not line.fits and self.table.until is None:
                return
            yield line

    def _ends(self, text: str) -> bool:
        return packed(text).startswith(packed(self.table.until or ""))

    def _every(self) -> Iterator[TableLine]:
        first, top = self._start
        last, bottom = self._end
        columns: Columns | None = None
        for number in range(first, last + 1):
            page = self.paper.page(number)
            here = columns_on(page, self._wanted, top if number == first else 0)
            if here is None and columns is not None and columns.ruled:
                here = columns_again(page, columns)
            if here is None and columns is not None:
                return
            if here is not None:
                columns = here
                end = bottom if number == last else float("inf")
                key = self.table.row_if
                yield from ruled_lines(page, here, end) if here.ruled else printed_lines(page, here, key, end)
        if columns is None:
            headings = ", ".join(f'"{text}"' for text in self._wanted.values())
            raise NotFoundError(f"no table on it has the headings {headings}")

    @property
    def _wanted(self) -> dict[str, str]:
        return {name: place.label or name for name, place in self.table.places.items()}

    @property
    def _start(self) -> tuple[int, float]:
        texts = [*self.table.between[:1], *([self.table.under] if self.table.under else [])]
        places = [
            (label.page.number, label.box.bottom) for label in (one_label(self.paper, text) for text in texts)
        ]
        return max(places, default=(1, 0.0))

    @property
    def _end(self) -> tuple[int, float]:
        if not self.table.between:
            return self.paper.numbers[-1], float("inf")
        label = one_label(self.paper, self.table.between[1])
        return label.page.number, label.box.top


def _row(line: TableLine, number: int, sources: Sources) -> Row:
    cells: dict[str, Cell] = {}
    for name, (_, box) in line.cells.items():
        cell = sources.printed(line.text(name), line.page, box)
        unsure = line.unclear.get(name, cell.unsure)
        how = cell.source.how if line.page.scanned else "column"
        cells[name] = replace(cell, unsure=unsure, source=replace(cell.source, how=how))
    return Row(place=f"page {line.page.number}, line {number}", cells=cells)


def _is_line(row: Row, row_if: str | None) -> bool:
    texts = [row.cells[row_if].text] if row_if is not None else [cell.text for cell in row.cells.values()]
    return any(texts)
