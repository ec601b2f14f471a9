"""Workbooks of Excel 97-2003 and older, .xls."""

import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from rpa.documents.sheets.book import Book, Sheet, Tab
from rpa.documents.sheets.cells import BLANK, Shown, text_of
from rpa.documents.sheets.parts import Area, SheetParts
from rpa.errors import DocumentProblem

_DAMAGED = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
)
"""What the library raises for damaged workbooks."""

_GENERAL = "General"


class _Silent:
    """Where the library's remarks about odd files go."""

    def write(self, _text: str) -> None:
        """Keep nothing."""


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """Open a workbook; raise `DocumentProblem` where it is damaged, locked, or an old file of another program."""
    try:
        workbook = xlrd.open_workbook(path, formatting_info=True, on_demand=True, logfile=_Silent())
        try:
            yield _book(workbook)
        finally:
            workbook.release_resources()
    except _DAMAGED as fault:
        raise _problem(fault) from fault


def _problem(fault: Exception) -> DocumentProblem:
    if "encrypted" in str(fault):
        return DocumentProblem("needs-password", "the workbook is protected; save it without a password")
    if "Can't find workbook" in str(fault):
        return DocumentProblem("not-a-workbook", "it is an old Office file, but no workbook; save it as .xlsx")
    return DocumentProblem("damaged", "the workbook is damaged; open it in Excel, save it as .xlsx and try again")


def _book(workbook: Any) -> Book:
    tabs = {
        name: Tab(workbook.sheet_by_index(index).visibility == 0, partial(_sheet, workbook, index))
        for index, name in enumerate(workbook.sheet_names())
    }
    return Book(tabs)


def _sheet(workbook: Any, index: int) -> Sheet:
    sheet = workbook.sheet_by_index(index)
    merged = [Area(left + 1, top + 1, right, bottom) for top, bottom, left, right in sheet.merged_cells]
    return Sheet(sheet.name, index + 1, SheetParts(merged), partial(_rows, sheet), partial(_shown, workbook))


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    return ((row + 1, sheet.row(row)) for row in range(sheet.nrows))


def _shown(workbook: Any, cell: Any, _row: int, _column: int) -> Shown:
    look = cell.xf_index or 0
    if cell.ctype == xlrd.XL_CELL_ERROR:
        error = xlrd.error_text_from_code.get(cell.value, "#ERROR")
        return Shown(fault=f"holds the error {error}: correct the cell", look=look)
    if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return Shown(look=look) if look else BLANK
    code = _format(workbook, look)
    return Shown(text_of(_value(workbook, cell, code), code), look=look)


def _value(workbook: Any, cell: Any, code: str) -> Any:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        if "[" in code and re.search(r"\[[hms]+\]", code, re.IGNORECASE):
            return timedelta(days=cell.value)
        moment = xlrd.xldate_as_datetime(cell.value, workbook.datemode)
        return moment.time() if cell.value < 1 else moment
    return cell.value


def _format(workbook: Any, look: int) -> str:
    told = workbook.format_map.get(workbook.xf_list[look].format_key)
    return str(told.format_str) if told else _GENERAL
