"""The tables of a web page."""

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from rpa.documents.sheets.parts import Area
from rpa.errors import DocumentProblem

MOST_SPANNED = 1_000
"""Columns or rows that a cell of a page is taken to span at most."""

_NO_TEXT = frozenset({"script", "style", "template", "title"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
"""Elements that have no end."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class WebTable:
    """The texts of a table of a page, each at its place, and which cells are one."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.merged: list[Area] = []
        self._texts: list[str] | None = None
        self._spans = (1, 1)
        self._unseen: list[str] = []

    def begin_row(self) -> None:
        """Begin a row; what was open in the last one ends."""
        self.end_cell()
        self.rows.append([])

    def begin_cell(self, told: Mapping[str, str | None]) -> None:
        """Begin a cell in the last row."""
        self.end_cell()
        self._texts, self._spans = [], (_span(told.get("colspan")), _span(told.get("rowspan")))

    def begin(self, tag: str, told: Mapping[str, str | None]) -> None:
        """Hear of what begins inside a cell; what nobody sees of it is not its text."""
        if tag == "br":
            self.text("\n")
        elif self._texts is not None and tag not in VOID and (self._unseen or is_unseen(tag, told)):
            self._unseen.append(tag)

    def end(self, tag: str) -> None:
        """Hear of what ends inside a cell, with all that is open in it."""
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass

    def text(self, text: str) -> None:
        """Hear of a text."""
        if self._texts is not None and not self._unseen:
            self._texts.append(text)

    def end_cell(self) -> None:
        """Add the open cell, if any; raise `DocumentProblem` where it is not clear what of it is seen."""
        if self._unseen:
            raise DocumentProblem("unexpected", "it is not clear where hidden text of it ends; save it as .xlsx")
        if self._texts is not None:
            self._add("".join(self._texts))
        self._texts = None

    def _add(self, text: str) -> None:
        """Add a cell to the last row, behind those that reach into it from above."""
        if not self.rows:
            self.rows.append([])
        row = len(self.rows)
        column = len(self.rows[-1]) + 1
        while taken := next((area for area in self.merged if area.holds(row, column)), None):
            self.rows[-1].extend([""] * (taken.right - column + 1))
            column = taken.right + 1
        wide, high = self._spans
        self.rows[-1].extend([text, *[""] * (wide - 1)])
        if self._spans != (1, 1):
            self.merged.append(Area(column, row, column + wide - 1, row + high - 1))


def tables_of(page: str) -> Sequence[WebTable]:
    """Return the tables of a page; raise `DocumentProblem` where it ends within one."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if reader.open:
        raise DocumentProblem("damaged", "the page is cut off within a table; ask for it again")
    return reader.found


class _Reader(HTMLParser):
    """Collects the tables of a page; a cell's text goes on behind a table that is nested in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[WebTable] = []
        self.open: list[WebTable] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._begin_table()
        elif self.open and tag == "tr":
            self.open[-1].begin_row()
        elif self.open and tag in {"td", "th"}:
            self.open[-1].begin_cell(dict(attrs))
        elif self.open:
            self.open[-1].begin(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open:
            return
        if tag in {"td", "th", "tr", "table"}:
            self.open[-1].end_cell()
        else:
            self.open[-1].end(tag)
        if tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text(re.sub(r"[ \t\r\n]+", " ", data))

    def _begin_table(self) -> None:
        self.found.append(WebTable())
        self.open.append(self.found[-1])

    def _end_table(self) -> None:
        self.open.pop()
        if self.open:
            self.open[-1].text("\n")


def is_unseen(tag: str, told: Mapping[str, str | None]) -> bool:
    """Tell whether nobody sees an element and what is in it, as far as the element itself says so."""
    style = _COMMENT.sub("", told.get("style") or "")
    return tag in _NO_TEXT or "hidden" in told or bool(_HIDDEN.search(style))


def _span(told: str | None) -> int:
    return min(max(int(told), 1), MOST_SPANNED) if told is not None and told.strip().isdecimal() else 1
