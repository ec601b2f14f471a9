"""The lines of a table on a workbook form, of which each is a record."""

from dataclasses import replace

from rpa.documents.base import Row, TablePlace, rows_of
from rpa.documents.sheets.grid import Grids, Region
from rpa.documents.sheets.parts import Area
from rpa.documents.sheets.tables import WHOLE, FoundTable, find_table_on, lines_within, table_in
from rpa.documents.ways import NotFoundError
from rpa.errors import DocumentProblem


def table_rows(grids: Grids, table: TablePlace, sha256: str) -> list[Row]:
    """Return a row for each line; raise `DocumentProblem`, kind missing, without such a table or any line."""
    places = {name: replace(place, until=table.until) for name, place in table.places.items()}
    try:
        found = _found(grids, replace(table, places=places))
    except NotFoundError as reason:
        raise DocumentProblem("missing", str(reason)) from None
    rows = [row for row in rows_of(found.records(places, sha256)) if _is_line(row, table.row_if)]
    if not rows:
        raise DocumentProblem(
            "missing", f'the table on the sheet "{found.sheet.name}" has no line that is filled in'
        )
    return rows


def _found(grids: Grids, table: TablePlace) -> FoundTable:
    if all(place.name for place in table.places.values()):
        try:
            return _by_names(grids, table)
        except NotFoundError:
            if not all(place.label for place in table.places.values()):
                raise
    if not table.between and table.under is None:
        return find_table_on(grids.book, table.sheet, table.places)
    region = Region([grids.of(table.sheet)] if table.sheet else grids.visible())
    region = region.between(table.between).under(table.under)
    area = Area(WHOLE.left, region.top, WHOLE.right, region.bottom)
    return table_in(grids.book.sheet(region.grids[0].name), area, table.places)


def _by_names(grids: Grids, table: TablePlace) -> FoundTable:
    """Return the table whose columns the workbook itself has named, all over the same lines."""
    named = {name: grids.book.named(place.name or "") for name, place in table.places.items()}
    sheets = {sheet for sheet, _ in named.values()}
    lines = {(area.top, area.bottom) for _, area in named.values()}
    if len(sheets) > 1 or len(lines) > 1 or any(area.left != area.right for _, area in named.values()):
        raise NotFoundError(
            "the names of the table's columns are not those of columns side by side: give headings"
        )
    (top, bottom), sheet = next(iter(lines)), grids.book.sheet(next(iter(sheets)))
    columns = {name: area.left - 1 for name, (_, area) in named.items()}
    within = lines_within(sheet, Area(WHOLE.left, top, WHOLE.right, bottom))
    return FoundTable(sheet, max(top - 1, 1), columns, within)


def _is_line(row: Row, row_if: str | None) -> bool:
    if row_if is None:
        return True
    cell = row.cells.get(row_if)
    return row_if in row.missing or (cell is not None and bool(cell.text))
