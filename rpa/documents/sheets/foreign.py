"""Workbooks in two further formats: .ods of LibreOffice, and .xlsb, the binary one of Excel.

The library gives values without their formats, takes errors and formulas without a result for blanks, and reads
what merged cells hide. What would be misread without a word is refused in words.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rpa.documents.sheets import ods, xlsb
from rpa.documents.sheets.book import Book, Sheet, Tab
from rpa.documents.sheets.cells import BLANK, Shown, text_of
from rpa.documents.sheets.parts import Area, SheetParts
from rpa.errors import DocumentProblem

_DAMAGED = (CalamineError, KeyError, IndexError, OSError, ValueError, BadZipFile, struct.error)


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Book]:
    """Open a workbook of the *kind* `ods` or `xlsb`; raise `DocumentProblem` where it can't be read faithfully."""
    try:
        merged = _merged(path, kind)
        with (
            path.open("rb") as file,
            CalamineWorkbook.from_filelike(file) as workbook,
        ):  # a path is read by its name
            yield _book(workbook, merged)
    except _DAMAGED as fault:
        raise DocumentProblem("damaged", "the workbook is damaged; save it as .xlsx and try again") from fault


def _merged(path: Path, kind: str) -> dict[str, list[Area]]:
    """Return the merged cells of each sheet, as far as they may hide anything."""
    with ZipFile(path) as archive:
        if kind == "xlsb":
            return xlsb.merged_areas(archive)
        ods.refuse_unfaithful(archive)
        return {}


def _book(workbook: Any, merged: Mapping[str, list[Area]]) -> Book:
    tabs = {
        told.name: Tab(
            told.visible == SheetVisibleEnum.Visible,
            partial(_sheet, workbook, told.name, number, merged.get(told.name, [])),
        )
        for number, told in enumerate(workbook.sheets_metadata, start=1)
        if told.typ == SheetTypeEnum.WorkSheet
    }
    return Book(tabs)


def _sheet(workbook: Any, name: str, number: int, merged: list[Area]) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.merged_cell_ranges is not None:  # only .xlsx and .xls have these: the library took it for one
        raise DocumentProblem("damaged", "it is made up as more than one workbook; save it as .xlsx")
    return Sheet(name, number, SheetParts(merged), partial(_rows, sheet), _shown)


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    rows = sheet.to_python(skip_empty_area=False)
    return ((number, row) for number, row in enumerate(rows, start=1))


def _shown(value: Any, _row: int, _column: int) -> Shown:
    return BLANK if value == "" else Shown(text_of(value, "General"))
