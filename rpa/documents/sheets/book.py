"""An open workbook, read as a stream."""

import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from rpa.documents.likeness import folded, nearest
from rpa.documents.preflight import check_workbook
from rpa.documents.sheets.cells import BLANK, NO_RESULT, Line, Shown, shown_cell
from rpa.documents.sheets.parts import SheetParts, sheet_parts
from rpa.errors import DocumentProblem

_DAMAGED = (
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    OSError,
    EOFError,
    ParseError,
    ExpatError,
    BadZipFile,
    zlib.error,
    InvalidFileException,
)
"""What the libraries raise for damaged workbooks."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its name, its place among the tabs, its cells, and what stands beside them in its part."""

    name: str
    number: int
    cells: Any
    parts: SheetParts

    def lines(self) -> Iterator[Line]:
        """Yield the rows that have cells. Hidden rows and columns are read like others."""
        for number, cells in enumerate(self.cells.iter_rows(), start=1):
            if cells:
                yield Line(
                    number, f"{self.name}!{number}", len(cells), partial(self._shown, cells, number), self.number
                )

    def _shown(self, cells: Sequence[Any], row: int, place: int) -> Shown:
        cell, column = cells[place], place + 1
        if self.parts.merged and self.parts.owner(row, column) != (row, column):
            return BLANK  # merged away: kept in the file, but nobody sees it
        if cell.value is None and self.parts.uncomputed and address(row, column) in self.parts.uncomputed:
            return Shown(fault=NO_RESULT)
        return shown_cell(cell)


@dataclass(frozen=True)
class Book:
    """An open workbook."""

    path: Path
    workbook: Any

    def visible(self) -> list[str]:
        """Return the names of the sheets that a person sees."""
        return [sheet.title for sheet in self.workbook.worksheets if sheet.sheet_state == "visible"]

    def sheet(self, name: str) -> Sheet:
        """Return the sheet *name*, be it hidden; raise `DocumentProblem` where there is none."""
        titles = {folded(sheet.title): sheet.title for sheet in self.workbook.worksheets}
        title = titles.get(folded(name))
        if title is None:
            meant = nearest(name, titles.values())
            hint = f'; did you mean "{meant}"?' if meant else ""
            raise DocumentProblem(
                "missing", f'no sheet is called "{name}"; there are {", ".join(self.visible())}{hint}'
            )
        cells = self.workbook[title]
        cells.reset_dimensions()  # what a file says of its size is often wrong
        return Sheet(title, self.workbook.sheetnames.index(title) + 1, cells, sheet_parts(self.path, title))


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open a workbook for reading; raise `DocumentProblem` where it is none, or damaged."""
    check_workbook(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library can't keep when it writes is nothing to a reader
            workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                yield Book(path, workbook)
            finally:
                workbook.close()
    except _DAMAGED as fault:
        raise DocumentProblem(
            "damaged", "the workbook is damaged; open it in Excel, save it and try again"
        ) from fault


def address(row: int, column: int) -> str:
    """Return the name of a cell; both count from 1."""
    return f"{get_column_letter(column)}{row}"
