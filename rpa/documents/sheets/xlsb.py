"""What a binary workbook of Excel, .xlsb, says of its sheets that the library passes over (MS-XLSB 2.3)."""

import struct
from collections.abc import Iterator
from typing import NamedTuple
from zipfile import ZipFile

from rpa.documents.sheets.parts import Area, relations
from rpa.errors import DocumentProblem

_BOOK = "xl/workbook.bin"
_BUNDLE_SHEET = 156
_MERGED = 176
_ERRORS = frozenset({3, 11})
"""Records of a cell with an error, and of a formula whose result is one."""


def merged_areas(archive: ZipFile) -> dict[str, list[Area]]:
    """Return the merged cells of each sheet; raise `DocumentProblem` where errors would be taken for blanks."""
    return {name: _merged(archive.read(part)) for name, part in _sheets(archive)}


def _merged(part: bytes) -> list[Area]:
    areas = []
    for kind, body in _records(part):
        if kind in _ERRORS:
            raise DocumentProblem(
                "unexpected", "it holds errors, which pass for blanks in .xlsb; save it as .xlsx"
            )
        if kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            areas.append(Area(left + 1, top + 1, right + 1, bottom + 1))
    return areas


def _sheets(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and its part, wherever that lies."""
    targets = {identity: target for _, identity, target in relations(archive, _BOOK)}
    for kind, body in _records(archive.read(_BOOK)):
        if kind == _BUNDLE_SHEET:
            identity, at = _text(body, 8)
            name, _ = _text(body, at)
            yield name, _only(archive, targets[identity])


def _only(archive: ZipFile, target: str) -> str:
    """Return the part meant by *target*; where several are called so, the library may read another."""
    called = "/".join(target.lower().split("/")[-2:])
    found = [name for name in archive.namelist() if f"/{name.lower()}".endswith(f"/{called}")]
    if found != [target]:
        raise DocumentProblem("damaged", "it is not clear which part is a sheet of it; save it as .xlsx")
    return target


def _text(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


class _Record(NamedTuple):
    kind: int
    body: bytes


def _records(part: bytes) -> Iterator[_Record]:
    """Yield each record; kinds and sizes are written in groups of seven bits, the lowest first."""
    at = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield _Record(kind, part[at : at + size])
        at += size


def _number(part: bytes, at: int, longest: int) -> tuple[int, int]:
    number = 0
    for place in range(longest):
        byte = part[at + place]
        number |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return number, at + place + 1
    return number, at + longest
