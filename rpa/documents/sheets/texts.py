"""Web pages and lists under a workbook's name: many old systems export these as .xls."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rpa.documents.csv_table import decoded, lines_of
from rpa.documents.sheets.book import Book, Sheet, Tab
from rpa.documents.sheets.cells import Shown, shown_text
from rpa.documents.sheets.parts import SheetParts
from rpa.documents.sheets.web import tables_of
from rpa.errors import DocumentProblem

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Book]:
    """Open a web page (*kind* `html`), whose tables are the sheets, or a list (`text`), which is one.

    Raises `DocumentProblem` for a page without tables and for a list that is damaged.
    """
    sheets = list(_pages(path)) if kind == "html" else [_list(path)]
    if not sheets:
        raise DocumentProblem("not-a-workbook", "it is a web page without any table; ask for it as a workbook")
    yield Book({sheet.name: Tab(visible=True, open=partial(_same, sheet)) for sheet in sheets})


def _same(sheet: Sheet) -> Sheet:
    return sheet


def _list(path: Path) -> Sheet:
    rows = [(line.number, [cell.text for cell in line.cells()]) for line in lines_of(path)]
    return Sheet("List", 1, SheetParts(), partial(iter, rows), _shown)


def _pages(path: Path) -> Iterator[Sheet]:
    content = path.read_bytes()
    charset = _CHARSET.search(content[:4_096])
    for number, table in enumerate(tables_of(decoded(content, charset[1].decode() if charset else None)), start=1):
        rows = list(enumerate(table.rows, start=1))
        yield Sheet(f"Table {number}", number, SheetParts(table.merged), partial(iter, rows), _shown)


def _shown(text: str, _row: int, _column: int) -> Shown:
    return shown_text(text)
