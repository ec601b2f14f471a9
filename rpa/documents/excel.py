"""Reader `excel`: every row of a table is one record."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Wanted
from rpa.documents.lists import Lines
from rpa.documents.sheets.opening import open_book
from rpa.documents.sheets.tables import find_table


class Excel:
    """Reads the rows below the headings that the labels name, wherever on the sheet they stand.

    Texts are as shown: `07001` in the format 00000, `12.5%`, TRUE; days are 2026-11-02, with 14:30 where they have
    a time. Rows without any wanted value are passed over, hidden rows are read, of merged cells the first is read.
    An error such as #N/A and a formula without a stored result are told and never taken for blank. With `until`
    a row that begins so in that column ends the table: `until: Total`. A file is read as what it is by its bytes,
    whatever its name: .xlsx, .xls, .ods, .xlsb, tables of a web page, or a list of values. Options: `sheet` (else
    the first visible one with the headings), `table` (an Excel table object, without its totals).
    """

    name = "excel"
    options = frozenset({"sheet", "table"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Lines]:
        """Yield the lines, many at a time; raise `DocumentProblem` where there is no such table."""
        with open_book(path) as book:
            yield from find_table(book, wanted).records(wanted.places, sha256)
