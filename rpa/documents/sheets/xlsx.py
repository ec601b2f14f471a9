"""Workbooks of today, .xlsx and .xlsm, read as a stream."""

import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from rpa.documents.sheets.book import Book, Sheet, Tab
from rpa.documents.sheets.cells import NO_RESULT, Shown, shown_cell
from rpa.documents.sheets.parts import SheetParts, sheet_parts
from rpa.documents.sheets.plain_cells import PlainCells
from rpa.documents.sheets.plain_text import plain_strings
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


_MOST_AT_ONCE = 64 << 20
"""Bytes of shared texts that are taken apart at once; more are read as a stream."""


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """Open a workbook; raise `DocumentProblem` where it is damaged."""
    try:
        with warnings.catch_warnings(), path.open("rb") as file:  # closed though a sheet was not read to its end
            warnings.simplefilter("ignore")  # what the library can't keep when it writes is nothing to a reader
            reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
            try:
                reader.read()
                yield _book(path, reader)
            finally:
                reader.archive.close()
    except _DAMAGED as fault:
        raise DocumentProblem(
            "damaged", "the workbook is damaged; open it in Excel, save it and try again"
        ) from fault


class _Reader(ExcelReader):  # type: ignore[misc]  # the library has no types
    """The library's own reader of everything but the texts that cells share."""

    def read_strings(self) -> None:
        """Take the shared texts apart by a pattern where they are written plainly."""
        told = self.package.find(SHARED_STRINGS)
        name = "" if told is None else told.PartName[1:]
        small = name in self.archive.namelist() and self.archive.getinfo(name).file_size < _MOST_AT_ONCE
        plain = plain_strings(self.archive.read(name)) if small else None
        if plain is None:
            super().read_strings()
        else:
            self.shared_strings = [text.replace("x005F_", "") for text in plain]  # as the library does

    def read_worksheets(self) -> None:
        """Open the sheets without looking how large they are, for which the library may read all of them."""
        for sheet, relation in self.parser.find_sheets():
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
            elif relation.target in self.valid_files:
                cells = _Cells(self.wb, sheet.name, relation.target, self.shared_strings)
                cells.sheet_state = sheet.state
                self.wb._sheets.append(cells)  # noqa: SLF001  # as the library does


class _Cells(ReadOnlyWorksheet):  # type: ignore[misc]  # the library has no types
    def _get_size(self) -> None:
        """Leave it open: what a file says of its size is often wrong."""


def _book(path: Path, reader: _Reader) -> Book:
    workbook, cells = reader.wb, PlainCells(reader.wb, reader.shared_strings)
    tabs = {
        sheet.title: Tab(sheet.sheet_state == "visible", partial(_sheet, path, reader, cells, sheet.title))
        for sheet in workbook.worksheets
    }
    return Book(tabs, {name: partial(_places, told) for name, told in workbook.defined_names.items()})


def _places(told: Any) -> Sequence[tuple[str, str]]:
    return list(told.destinations)


def _sheet(path: Path, reader: _Reader, plain: PlainCells, title: str) -> Sheet:
    number, parts = reader.wb.sheetnames.index(title) + 1, sheet_parts(path, title)
    if parts.plain:
        return Sheet(
            title, number, parts, partial(plain.rows, reader.archive, parts.part), plain.draw, plain.draw_some
        )
    cells = reader.wb[title]
    cells.reset_dimensions()
    return Sheet(title, number, parts, partial(_rows, cells), partial(_shown, parts))


def _rows(cells: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    return ((number, row) for number, row in enumerate(cells.iter_rows(), start=1) if row)


def _shown(parts: SheetParts, cell: Any, row: int, column: int) -> Shown:
    if cell.value is None and (row, column) in parts.uncomputed:
        return Shown(fault=NO_RESULT)
    return shown_cell(cell)
