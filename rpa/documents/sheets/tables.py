"""Where on a workbook the table stands whose headings are wanted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from openpyxl.utils import get_column_letter

from rpa.documents.base import Place, Source, Wanted
from rpa.documents.likeness import folded, nearest
from rpa.documents.lists import Lines
from rpa.documents.sheets.book import Book, Sheet, address
from rpa.documents.sheets.cells import BLANK, Line, Shown
from rpa.documents.sheets.headings import find_headings, records
from rpa.documents.sheets.parts import Area, TableObject
from rpa.errors import DocumentProblem

WHOLE = Area(1, 1, 1 << 14, 1 << 20)
"""As large as a sheet can be."""


@dataclass(frozen=True)
class FoundTable:
    """A table: its sheet, the row of its headings, which column each wanted value is in, and the lines below.

    Columns count from 0, rows from 1. The *lines* can be gone through once.
    """

    sheet: Sheet
    heading: int
    columns: Mapping[str, int]
    lines: Iterator[Line]

    def source(self, sha256: str, row: int, name: str) -> Source:
        """Return where the value *name* stands on a row."""
        return self._source(sha256, address(row, self.columns[name] + 1))

    def _source(self, sha256: str, cell: str) -> Source:
        sheet = self.sheet
        return Source(document=sha256, how="column", sheet=sheet.name, sheet_number=sheet.number, cell=cell)

    def records(self, places: Mapping[str, Place], sha256: str) -> Iterator[Lines]:
        """Yield the lines that hold anything wanted."""

        def source(column: int) -> Source:
            return self._source(sha256, get_column_letter(column + 1))

        return records(self.lines, self.columns, places, source, f"{self.sheet.name}!")


def find_table(book: Book, wanted: Wanted) -> FoundTable:
    """Return the table that has the wanted headings, in the named table object or sheet, else on the first sheet.

    Raises `DocumentProblem`, kind missing, where there is none.
    """
    if "table" in wanted.options:
        return _in_object(book, wanted)
    return find_table_on(book, wanted.options.get("sheet"), wanted.places)


def find_table_on(book: Book, sheet: str | None, places: Mapping[str, Place]) -> FoundTable:
    """Return the table with these headings on *sheet*, else on the first sheet; raise as `find_table` does."""
    return _on_first_sheet(book, places) if sheet is None else table_in(book.sheet(sheet), WHOLE, places)


def table_in(sheet: Sheet, area: Area, places: Mapping[str, Place]) -> FoundTable:
    """Return the table with these headings inside of *area*; raise as `find_table` does."""
    lines = lines_within(sheet, area)
    heading, columns = find_headings(
        lines, places, lambda line: _headings(line, sheet), f'the sheet "{sheet.name}"'
    )
    return FoundTable(sheet, heading, columns, lines)


def _on_first_sheet(book: Book, places: Mapping[str, Place]) -> FoundTable:
    problems: list[str] = []
    for name in book.visible():
        sheet = book.sheet(name)  # one that is damaged is not passed over for another
        try:
            return table_in(sheet, WHOLE, places)
        except DocumentProblem as problem:
            problems.append(str(problem))
    raise DocumentProblem("missing", "; ".join(problems) or "no sheet of it can be seen")


def _in_object(book: Book, wanted: Wanted) -> FoundTable:
    name = wanted.options["table"]
    known: list[str] = []
    for title in book.visible():
        sheet = book.sheet(title)
        for table in sheet.parts.tables:
            known.append(table.name)
            if folded(table.name) == folded(name):
                return table_in(sheet, _body(table), wanted.places)
    meant = nearest(name, known)
    told = f'no table is called "{name}"; there are {", ".join(known) or "none"}'
    raise DocumentProblem("missing", told + (f'; did you mean "{meant}"?' if meant else ""))


def _body(table: TableObject) -> Area:
    area = table.area
    return Area(area.left, area.top, area.right, area.bottom - table.totals_rows)


def lines_within(sheet: Sheet, area: Area) -> Iterator[Line]:
    """Return the lines of *area*, without what stands beside it."""
    if area == WHOLE:
        return sheet.lines()
    lines = (_within(line, area) for line in sheet.lines() if line.number >= area.top)
    return takewhile(lambda line: line.number <= area.bottom, lines)


def _within(line: Line, area: Area) -> Line:
    """Return the line without what stands beside the table."""
    if (area.left, area.right) == (WHOLE.left, WHOLE.right):
        return line

    def draw(column: int) -> Shown:
        return line.at(column) if area.left <= column + 1 <= area.right else BLANK

    return line._replace(draw=draw)


def _headings(line: Line, sheet: Sheet) -> list[str]:
    """Return the texts of a line; one over several columns is seen over each of them."""
    texts = [cell.text for cell in line.cells()]
    for area in sheet.parts.merged:
        if area.top == line.number and line.at(area.left - 1).text:
            texts.extend([""] * (area.right - len(texts)))
            texts[area.left - 1 : area.right] = [texts[area.left - 1]] * (area.right - area.left + 1)
    return texts
