"""Everything that can be read of a file, whatever it is, for `make corpus`: no reader of the language."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.csv_table import lines_of
from rpa.documents.notices import notices_of_pdf, notices_of_workbook
from rpa.documents.pdf.acroform import slots_of
from rpa.documents.pdf.paper import Paper
from rpa.documents.preflight import is_pdf, is_workbook
from rpa.documents.sheets.opening import open_book

_Counted = tuple[dict[str, int], tuple[str, ...]]
"""How many of what were read, and the notices."""


class Whole:
    """Reads all words and fields of a PDF, all cells of a workbook, all values of a list, and counts them."""

    name = "whole"
    options = frozenset[str]()

    def read(self, path: Path, sha256: str, _wanted: Wanted) -> Iterator[Row]:
        """Yield one row of counts; raise `DocumentProblem` for what can't be read."""
        counted, notices = _counter(path)(path)
        source = Source(document=sha256, how="whole")
        cells = {what: Cell(str(number), source) for what, number in counted.items()}
        yield Row(place="file", cells=cells, notices=notices)


def _counter(path: Path) -> Callable[[Path], _Counted]:
    if is_pdf(path):
        return _pdf
    return _workbook if is_workbook(path) else _list


def _pdf(path: Path) -> _Counted:
    with Paper.open(path, None) as paper:
        slots = slots_of(path, None, paper)
        if not slots:
            paper.flat = True
            paper.refuse_without_text()
        words = sum(len(page.words) for page in paper.pages())
        return {"pages": len(paper.numbers), "words": words, "fields": len(slots)}, notices_of_pdf(paper.pdf)


def _workbook(path: Path) -> _Counted:
    with open_book(path) as book:
        sheets = [book.sheet(name) for name in book.visible()]
        cells = sum(1 for sheet in sheets for line in sheet.lines() for cell in line.cells() if cell.text)
        return {"sheets": len(sheets), "cells": cells}, notices_of_workbook(path)


def _list(path: Path) -> _Counted:
    lines = list(lines_of(path))
    return {"lines": len(lines), "cells": sum(line.width for line in lines)}, ()
