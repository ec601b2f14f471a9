"""How cells are seen that were taken apart by a pattern: as the library for workbooks would have them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from rpa.documents.sheets.cells import BLANK, NO_RESULT, Shown, clean, error_shown, text_of
from rpa.documents.sheets.number_format import shown
from rpa.documents.sheets.parts import out_of_order
from rpa.documents.sheets.plain_text import decoded_text
from rpa.documents.sheets.plainly import RawRow, parts_of, rows_of

_BUILT_IN = 164
"""Number formats below this are the same in every workbook (ECMA-376 part 1, 18.8.30)."""

_ATTRIBUTE = re.compile(r' ([st])="(\w*)"')
_KEPT = 1 << 15
"""How many cells are remembered as they are seen: many of a list are alike."""


class _Said(NamedTuple):
    style: int
    kind: str


class _Seen(dict[bytes, Shown]):
    """How cells are seen, by what is written of them."""

    def __init__(self, draw: Callable[[bytes], Shown]) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, written: bytes) -> Shown:
        if len(self) >= _KEPT:
            self.clear()
        seen = self[written] = self._draw(written)
        return seen


class PlainCells:
    """Draws the cells of one workbook that is open."""

    def __init__(self, workbook: Any, strings: Sequence[str]) -> None:
        self._workbook, self._strings = workbook, strings
        self._seen = _Seen(self._drawn)
        self._said = lru_cache(_KEPT)(_said)
        self._format = lru_cache(_KEPT)(self._format_of)

    def rows(self, archive: ZipFile, part: str) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Yield the number of each row that has cells, and what is written of these, column by column."""
        last = 0
        with archive.open(part) as file:
            for row in rows_of(file):
                if row.number <= last or row.digits.count(b"%d" % row.number) != len(row.digits):
                    raise out_of_order(row.number)
                last = row.number
                yield last, _by_column(row)

    def draw(self, written: bytes, _row: int, _column: int) -> Shown:
        """Return how a cell is seen."""
        return self._seen[written]

    def draw_some(self, cells: Sequence[bytes], columns: Sequence[int]) -> list[Shown]:
        """Return how the cells of some columns of a row are seen."""
        seen, width = self._seen, len(cells)
        return [seen[cells[column]] if column < width else BLANK for column in columns]

    def _drawn(self, written: bytes) -> Shown:
        said, formula, value, inline = parts_of(written.rstrip())
        style, kind = self._said(said)
        if formula and not value and not inline and kind != "str":
            return Shown(fault=NO_RESULT)
        if kind == "e":
            return error_shown(decoded_text(value) if value else None, style)
        return self._shown(style, kind, value, inline)

    def _shown(self, style: int, kind: str, value: bytes, inline: bytes) -> Shown:
        if kind == "inlineStr" or not value:
            return Shown(clean(decoded_text(inline)), look=style)
        if kind == "n":
            return self._number(style, value)
        if kind == "b":
            return Shown(text_of(bool(int(value)), "General"), look=style)
        if kind == "d":
            return Shown(text_of(from_ISO8601(decoded_text(value)), "General"), look=style)
        return Shown(clean(self._strings[int(value)] if kind == "s" else decoded_text(value)), look=style)

    def _number(self, style: int, value: bytes) -> Shown:
        number = float(value) if b"." in value or b"E" in value or b"e" in value else int(value)
        if style not in self._workbook._date_formats:  # noqa: SLF001  # the library's readers look there too
            return Shown(shown(number, self._format(style)), look=style)
        lasts = style in self._workbook._timedelta_formats  # noqa: SLF001
        try:
            moment = from_excel(number, self._workbook.epoch, timedelta=lasts)
        except (OverflowError, ValueError):
            return error_shown("#VALUE!", style)
        return Shown("" if moment is None else text_of(moment, ""), look=style)

    def _format_of(self, style: int) -> str:
        cell = self._workbook._cell_styles[style]  # noqa: SLF001
        if cell.numFmtId < _BUILT_IN:
            return str(BUILTIN_FORMATS.get(cell.numFmtId, "General"))
        return str(self._workbook._number_formats[cell.numFmtId - _BUILT_IN])  # noqa: SLF001


def _said(said: bytes) -> _Said:
    told: dict[str, str] = dict(_ATTRIBUTE.findall(said.decode()))
    return _Said(int(told.get("s") or 0), told.get("t") or "n")


def _by_column(row: RawRow) -> Sequence[bytes]:
    """Return what is written, with nothing in the gaps; raise `DocumentProblem` where cells are out of order."""
    gaps = _gaps(tuple(row.letters))
    if gaps is None:
        raise out_of_order(row.number)
    for column in gaps:
        row.written.insert(column, b"")
    return row.written


@lru_cache(_KEPT)
def _gaps(letters: Sequence[bytes]) -> Sequence[int] | None:
    """Return the columns, from 0, that are left out before the last of these; None where they are out of order."""
    columns = [column_index_from_string(each.decode()) - 1 for each in letters]
    if any(one >= other for one, other in pairwise(columns)):
        return None
    return sorted(set(range(columns[-1])).difference(columns))
