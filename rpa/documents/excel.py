"""Reader `excel`: every row of a table is one record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from rpa.documents.base import Row, Source, Wanted
from rpa.documents.likeness import folded, nearest
from rpa.documents.sheets.book import Book, Sheet, address, open_book
from rpa.documents.sheets.cells import BLANK, Line, Shown
from rpa.documents.sheets.headings import find_headings, records
from rpa.documents.sheets.parts import Area, TableObject
from rpa.errors import DocumentProblem

_ALL = Area(1, 1, 1 << 14, 1 << 20)
"""As large as a sheet can be."""


class Excel:
    """Reads the rows below the headings that the labels name, wherever on the sheet they stand.

    Texts are as shown: `07001` in the format 00000, `12.5%`, TRUE; days are 2026-11-02, with 14:30 where they have
    a time. Rows without any wanted value are passed over, hidden rows are read, of merged cells the first is read.
    An error such as #N/A and a formula without a stored result are told and never taken for blank. With `until`
    a row that begins so in that column ends the table: `until: Total`. Options: `sheet` (else the first visible
    one with the headings), `table` (an Excel table object, without its totals).
    """

    name = "excel"
    options = frozenset({"sheet", "table"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield a row for each line; raise `DocumentProblem` where there is no such table."""
        with open_book(path) as book:
            if "table" in wanted.options:
                yield from _table(book, wanted, sha256)
            elif "sheet" in wanted.options:
                yield from _rows(book.sheet(wanted.options["sheet"]), _ALL, wanted, sha256)
            else:
                yield from _first_with_headings(book, wanted, sha256)


def _first_with_headings(book: Book, wanted: Wanted, sha256: str) -> Iterator[Row]:
    problems: list[str] = []
    for name in book.visible():
        sheet = book.sheet(name)
        lines = _lines(sheet, _ALL)
        try:
            columns = _columns(sheet, lines, wanted)
        except DocumentProblem as problem:
            problems.append(str(problem))
            continue
        yield from _records(sheet, lines, columns, wanted, sha256)
        return
    raise DocumentProblem("missing", "; ".join(problems) or "no sheet of it can be seen")


def _table(book: Book, wanted: Wanted, sha256: str) -> Iterator[Row]:
    name = wanted.options["table"]
    known: list[str] = []
    for title in book.visible():
        sheet = book.sheet(title)
        for table in sheet.parts.tables:
            known.append(table.name)
            if folded(table.name) == folded(name):
                yield from _rows(sheet, _body(table), wanted, sha256)
                return
    meant = nearest(name, known)
    told = f'no table is called "{name}"; there are {", ".join(known) or "none"}'
    raise DocumentProblem("missing", told + (f'; did you mean "{meant}"?' if meant else ""))


def _body(table: TableObject) -> Area:
    area = table.area
    return Area(area.left, area.top, area.right, area.bottom - table.totals_rows)


def _rows(sheet: Sheet, area: Area, wanted: Wanted, sha256: str) -> Iterator[Row]:
    lines = _lines(sheet, area)
    columns = _columns(sheet, lines, wanted)
    yield from _records(sheet, lines, columns, wanted, sha256)


def _lines(sheet: Sheet, area: Area) -> Iterator[Line]:
    lines = (_within(line, area) for line in sheet.lines() if line.number >= area.top)
    return takewhile(lambda line: line.number <= area.bottom, lines)


def _within(line: Line, area: Area) -> Line:
    """Return the line without what stands beside the table."""
    if area is _ALL:
        return line

    def draw(column: int) -> Shown:
        return line.at(column) if area.left <= column + 1 <= area.right else BLANK

    return replace(line, draw=draw)


def _columns(sheet: Sheet, lines: Iterator[Line], wanted: Wanted) -> Mapping[str, int]:
    return find_headings(lines, wanted.places, lambda line: _headings(line, sheet), f'the sheet "{sheet.name}"')


def _headings(line: Line, sheet: Sheet) -> list[str]:
    """Return the texts of a line; one over several columns is seen over each of them."""
    texts = [cell.text for cell in line.cells()]
    for area in sheet.parts.merged:
        if area.top == line.number and line.at(area.left - 1).text:
            texts.extend([""] * (area.right - len(texts)))
            texts[area.left - 1 : area.right] = [texts[area.left - 1]] * (area.right - area.left + 1)
    return texts


def _records(
    sheet: Sheet, lines: Iterator[Line], columns: Mapping[str, int], wanted: Wanted, sha256: str
) -> Iterator[Row]:
    def source(line: Line, _name: str, column: int) -> Source:
        cell = address(line.number, column + 1)
        return Source(document=sha256, how="column", sheet=sheet.name, sheet_number=sheet.number, cell=cell)

    return records(lines, columns, wanted.places, source)
