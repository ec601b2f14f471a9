"""A sheet's part whose rows are written as every spreadsheet program writes them, taken apart by a pattern.

An XML parser calls for each tag; a pattern finds a whole row of cells at once, which is several times as fast.
What is not written so plainly down to its last byte (comments, prefixes, rich text in a cell, unusual attributes)
is left to the parser: whether it is plain is known before the first row is given out.
"""

import re
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BEGIN, _END, _ROW, _ROW_END = b"<sheetData>", b"</sheetData>", b"<row", b"</row>"
_CHUNK = 1 << 18
_LONGEST_HEAD, _LONGEST_ROW = 1 << 20, 4 << 20
_PROLOG = rb'\s*(?:<\?xml version="1.0"(?: encoding="(?i:utf-8)")?(?: standalone="\w+")?\s*\?>\s*)?'
_UTF_8 = re.compile(_PROLOG + rb"<worksheet ")

_SIGN = rb"&(?:amp|lt|gt|quot|apos|#10|#13|#x0?[AaDd]);"
TEXT = rb"[^<&]*+(?:" + _SIGN + rb"[^<&]*+)*+"
"""Text without tags, with signs for what can't stand in it."""

_ATTRIBUTES = rb'(?: [\w:]++="[^"<>]*+")*+'
_FORMULA = rb"<f" + _ATTRIBUTES + rb"(?:/>|>" + TEXT + rb"</f>)"
_INLINE = rb'<is><t(?: xml:space="preserve")?+>(' + TEXT + rb")</t></is>"
_WRITTEN = (
    rb'((?: [st]="\w*+"){0,2}+)(?:/>|>('
    + _FORMULA
    + rb")?+(?:<v>("
    + TEXT
    + rb")</v>|<v/>|"
    + _INLINE
    + rb")?+</c>)"
)
_UNNAMED = re.compile(rb"\((?!\?)")
_CELL = rb'<c r="([A-Z]{1,3}+)(\d{1,7}+)"(' + _UNNAMED.sub(rb"(?:", _WRITTEN) + rb")\s*+"
_PARTS = re.compile(_WRITTEN)
_ADDRESS = re.compile(rb'<c r="([A-Z]++)(\d++)"')
_ROW_OF = rb"<row(" + _ATTRIBUTES + rb") ?+(?:/>|>\s*+((?:" + _UNNAMED.sub(rb"(?:", _CELL) + rb")*+)</row>)\s*+"
_ROWS = re.compile(rb"\s*+(?:" + _UNNAMED.sub(rb"(?:", _ROW_OF) + rb")*+")
_NUMBER = re.compile(rb' r="(\d{1,7})"')


class RawRow(NamedTuple):
    """A row: its number, and of each cell, in their order, letters and digits of its address and the rest."""

    number: int
    letters: Sequence[bytes]
    digits: Sequence[bytes]
    written: list[bytes]


def skeleton(part: IO[bytes]) -> bytes | None:
    """Return a sheet's part without its rows; None where these are not written plainly."""
    head = _head(part)
    if head is None:
        return None
    before, rest = head
    for chunk in _chunks(part, rest):
        if isinstance(chunk, _Tail):
            return before + _BEGIN + _END + chunk.text + part.read()
        if not _ROWS.fullmatch(chunk):
            return None
    return None


def rows_of(part: IO[bytes]) -> Iterator[RawRow]:
    """Yield the rows that have cells, of a part that has a `skeleton`: so what follows an address is a cell."""
    head = _head(part)
    for chunk in _chunks(part, head[1]) if head else ():
        if isinstance(chunk, _Tail):
            return
        for row in chunk.split(_ROW_END):
            begun, _, cells = row[row.rfind(_ROW) :].partition(b">")  # before it there may be rows without any
            _, *parts = _ADDRESS.split(cells)
            if parts:
                number = _NUMBER.search(begun)
                yield RawRow(int(number[1]) if number else 0, parts[::3], parts[1::3], parts[2::3])


def parts_of(written: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return style and type, formula, value and inline text of a cell, of which *written* follows its address."""
    said, _, inside = written.partition(b">")
    if inside.startswith(b"<v>"):  # most cells: there it is four times as quick
        return said, b"", inside[len(b"<v>") : -len(b"</v></c>")], b""
    if inside.startswith(b"<is><t>"):
        return said, b"", b"", inside[len(b"<is><t>") : -len(b"</t></is></c>")]
    found = _PARTS.fullmatch(written)
    said, formula, value, inline = found.groups(b"") if found else (b"",) * 4
    return said, formula, value, inline


class _Tail(NamedTuple):
    """What follows the rows, as far as it was read."""

    text: bytes


def _head(part: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Return what stands before the rows, and what was read of them; None for a part of another kind."""
    read = b""
    while _BEGIN not in read:
        chunk = part.read(_CHUNK)
        if not chunk or len(read) > _LONGEST_HEAD:
            return None
        read += chunk
    before, _, rest = read.partition(_BEGIN)
    plain = _UTF_8.match(before) and _MAIN in before and b"<!" not in before and b":worksheet" not in before
    return (before, rest) if plain else None


def _chunks(part: IO[bytes], rest: bytes) -> Iterator[bytes | _Tail]:
    """Yield whole rows, many at a time, and then the tail; nothing more where a row is too long to be one."""
    while True:
        rows, end, tail = rest.partition(_END)
        if end:
            yield rows
            yield _Tail(tail)
            return
        cut = rest.rfind(_ROW_END) + len(_ROW_END) if _ROW_END in rest else 0
        if cut:
            yield rest[:cut]
        chunk = part.read(_CHUNK)
        rest = rest[cut:] + chunk
        if not chunk or len(rest) > _LONGEST_ROW:
            return
