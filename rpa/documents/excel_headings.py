"""Where the headings of a table stand, for results that are written beside it: no reader of the language."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Wanted
from rpa.documents.sheets.opening import open_book
from rpa.documents.sheets.tables import find_table


class ExcelHeadings:
    """Reads the row of headings below which `excel` finds its records, and nothing else."""

    name = "excel-headings"
    options = frozenset({"sheet", "table"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the one row; raise `DocumentProblem` where there is no such table."""
        with open_book(path) as book:
            table = find_table(book, wanted)
            cells = {
                name: Cell(place.label or name, table.source(sha256, table.heading, name))
                for name, place in wanted.places.items()
            }
            yield Row(
                place=f"{table.sheet.name}!{table.heading}",
                cells=cells,
                sheet_number=table.sheet.number,
                line=table.heading,
            )
