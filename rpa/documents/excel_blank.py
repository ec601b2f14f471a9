"""What an empty workbook asks for, for `rpa forms learn`: no reader of the language."""

from collections.abc import Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.sheets.asked import Asking
from rpa.documents.sheets.grid import Grids
from rpa.documents.sheets.opening import open_book
from rpa.errors import DocumentProblem


class ExcelBlank:
    """Reads what an empty workbook is known by (the first row), and then a row for each value that it asks for.

    The cells are `text` and `sheet`, several one a line; then `label`, `name`, `cell` and `table`.
    """

    name = "excel-blank"
    options = frozenset[str]()

    def read(self, path: Path, sha256: str, _wanted: Wanted) -> Iterator[Row]:
        """Yield the rows; raise `DocumentProblem` for what is no workbook, or asks for nothing."""
        source = Source(document=sha256, how="form")
        with open_book(path) as book:
            asking = Asking(Grids(book))
            texts, sheets = asking.known_by()
            asked = asking.asked()
        if not any(not one.table for one in asked):
            raise DocumentProblem(
                "unexpected", "no cell to fill in stands beside a label or has a name; write the form by hand"
            )
        yield _row({"text": "\n".join(texts), "sheet": "\n".join(sheets)}, source)
        yield from (_row(vars(one), source) for one in asked)


def _row(texts: dict[str, str], source: Source) -> Row:
    return Row(place="form", cells={name: Cell(text, source) for name, text in texts.items()})
