"""A sheet's part with texts added behind its last used column; all other bytes of it stay as they are."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from xml.parsers import expat

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from rpa.documents.splice.tags import Tag, Walk
from rpa.errors import DocumentProblem

LAST_COLUMN = 1 << 14
LONGEST = 32_767
"""Characters that a cell can hold."""

Texts = Mapping[int, Sequence[str]]
"""By row, the texts to add."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXTS = frozenset({"v", "t"})
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def with_texts(content: bytes, texts: Texts) -> bytes:
    """Return the sheet's part with *texts* added; raise `DocumentProblem` where there is no room for them."""
    if b"\x00" in content[:4] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentProblem("unexpected", "a sheet of it is written in UTF-16; save it again in Excel")
    first = _first_free(content, texts)
    if first + max(map(len, texts.values())) > LAST_COLUMN + 1:
        raise DocumentProblem("unexpected", "no column is free at its right end; clear some and try again")
    adding = _Adding(content, texts, first)
    adding.go()
    if adding.waiting:
        raise DocumentProblem("unexpected", f"its row {min(adding.waiting)} is not where it was read")
    return _well_formed(b"".join(_spliced(content, sorted(adding.edits))))


def _well_formed(content: bytes) -> bytes:
    """Return *content*; raise `xml.parsers.expat.ExpatError` where no program would open it."""
    expat.ParserCreate().Parse(content, True)
    return content


def _first_free(content: bytes, texts: Texts) -> int:
    used = _Used(content, texts)
    used.go()
    return used.last + 1


def _spliced(content: bytes, edits: Sequence[tuple[int, int, bytes]]) -> Iterator[bytes]:
    done = 0
    for start, end, new in edits:
        yield content[done:start]
        yield new
        done = end
    yield content[done:]


def _bounds(area: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of cells; raise `ValueError` for whole rows or columns and for none."""
    left, top, right, bottom = range_boundaries(area)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(area)
    return left, top, right, bottom


class _Used(Walk):
    """Finds the last column that holds anything, in whatever row, or is merged in our rows."""

    def __init__(self, content: bytes, texts: Texts) -> None:
        super().__init__(content)
        self.last = 0
        self._rows = sorted(texts)
        self._inside = False

    def began(self, tag: Tag) -> None:
        if tag.local == "f":
            self._use(self.column)
        elif tag.local == "mergeCell":
            _, top, right, bottom = _bounds(tag.attributes["ref"])
            if bisect_left(self._rows, top) < bisect_right(self._rows, bottom):
                self._use(right)
        self._inside = tag.local in _TEXTS

    def ended(self, _tag: Tag, _start: int) -> None:
        self._inside = False

    def text(self, text: str) -> None:
        if self._inside and text:
            self._use(self.column)

    def _use(self, column: int) -> None:
        self.last = max(self.last, column)


class _Adding(Walk):
    """Collects what is to be replaced by what: start, end and new bytes. *waiting* are the rows not yet met."""

    def __init__(self, content: bytes, texts: Texts, first: int) -> None:
        super().__init__(content)
        self.edits: list[tuple[int, int, bytes]] = []
        self.waiting = set(texts)
        self._met: set[int] = set()
        self._texts = texts
        self._top = min(texts)  # the headings' row: asked for at each cell
        self._first = first
        self._last = first + max(map(len, texts.values())) - 1
        self._styles: dict[int, str] = {}
        self._heading = "0"
        self._place: int | None = None

    def began(self, tag: Tag) -> None:
        if tag.local == "row":
            self._styles, self._place = {}, None
            if self.row in self._texts:
                self._meet(tag)
        elif tag.local == "dimension":
            self._stretch_dimension(tag)
        elif tag.local == "col" and tag.attributes.get("hidden") in {"1", "true"}:
            self._show(tag)

    def _meet(self, row: Tag) -> None:
        if self.row in self._met:
            raise DocumentProblem("unexpected", f"its row {self.row} stands in it twice; save it again in Excel")
        self._met.add(self.row)
        self._stretch_row(row)

    def ended(self, tag: Tag, start: int) -> None:
        if self.row not in self._texts:
            return
        if tag.local == "c":
            self._pass(tag, tag.start if self.alone(tag) else start)
        elif tag.local == "row" and not self.alone(tag):
            self._add(tag, start)

    def _pass(self, tag: Tag, last: int) -> None:
        """Pass a cell, whose *last* tag begins there.

        An empty one that stands where a text comes is replaced, and gives the text its look.
        """
        if self._first <= self.column <= self._last:
            self._styles[self.column] = _look(tag)
            self.edits.append((tag.start, self.after(last), b""))
        if self.column >= self._first and self._place is None:
            self._place = tag.start
        elif self.column < self._first and self.row == self._top:
            self._heading = _look(tag)  # headings look like the one before them

    def _add(self, row: Tag, end: int) -> None:
        place = end if self._place is None else self._place
        prefix = row.name.removesuffix("row")
        self.edits.append((place, place, b"".join(self._cells(prefix))))
        self.waiting.discard(self.row)

    def _cells(self, prefix: str) -> Iterator[bytes]:
        look = self._heading if self.row == self._top else "0"
        for column, text in enumerate(self._texts[self.row], start=self._first):
            style = self._styles.get(column, look)
            yield _cell(prefix, f"{get_column_letter(column)}{self.row}", style, text)

    def _stretch_row(self, tag: Tag) -> None:
        left, _, right = tag.attributes.get("spans", "").partition(":")
        if left.isdecimal() and right.isdecimal():
            self._replace(tag, self._saying(tag, spans=f"{left}:{max(int(right), self._last)}"))

    def _stretch_dimension(self, tag: Tag) -> None:
        left, top, right, bottom = _bounds(tag.attributes.get("ref", "A1"))
        area = f"{get_column_letter(left)}{top}:{get_column_letter(max(right, self._last))}{bottom}"
        self._replace(tag, self._saying(tag, ref=area))

    def _show(self, tag: Tag) -> None:
        """Have our columns seen where all that a form does not use are hidden."""
        left, right = int(tag.attributes["min"]), int(tag.attributes["max"])
        parts = (
            (left, min(right, self._first - 1), tag.attributes["hidden"]),
            (max(left, self._first), min(right, self._last), "0"),
            (max(left, self._last + 1), right, tag.attributes["hidden"]),
        )
        written = [
            self._saying(tag, min=str(start), max=str(end), hidden=hidden)
            for start, end, hidden in parts
            if start <= end
        ]
        self._replace(tag, self._closing(tag).join(written))

    def _closing(self, tag: Tag) -> bytes:
        """Return what ends each of several elements that *tag* becomes; the last one has its end already."""
        return b"" if self.alone(tag) else f"</{tag.name}>".encode()

    def _saying(self, tag: Tag, **attributes: str) -> bytes:
        """Return *tag*, which stands alone or begins an element, with other values of its *attributes*."""
        written = self.content[tag.start : self.after(tag.start)]
        for name, value in attributes.items():
            said = re.compile(rf"""(\s{name}\s*=\s*)("[^"]*"|'[^']*')""".encode())
            written = said.sub(rb'\g<1>"%s"' % value.encode(), written)
        return written

    def _replace(self, tag: Tag, written: bytes) -> None:
        self.edits.append((tag.start, self.after(tag.start), written))


def _look(cell: Tag) -> str:
    """Return the number of a cell's look; what is no number is none, and must not be written anywhere."""
    said = cell.attributes.get("s", "0")
    return said if said.isascii() and said.isdecimal() else "0"


def _cell(prefix: str, address: str, style: str, text: str) -> bytes:
    """Return a cell that holds *text* inline, so that nothing in it is ever a formula, a number or a day."""
    look = f' s="{style}"' if style != "0" else ""
    if not text:
        return f'<{prefix}c r="{address}"{look}/>'.encode() if look else b""
    inside = f'<{prefix}is><{prefix}t xml:space="preserve">{_escaped(text)}</{prefix}t></{prefix}is>'
    written = f'<{prefix}c r="{address}"{look} t="inlineStr">{inside}</{prefix}c>'
    return written.encode("ascii", "xmlcharrefreplace")


def _escaped(text: str) -> str:
    """Return *text* for a cell: Excel takes `_x0041_` for a letter, and refuses what XML can't hold."""
    legal = _ESCAPE.sub("_x005F_", _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))[:LONGEST]
    return legal.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
