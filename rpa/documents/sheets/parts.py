"""What stands in a workbook's parts and what the library for cells does not tell while it streams them.

That is: which cells are merged, which formulas have no stored result, and where the table objects are. The
streaming mode is used because the other one fills every gap: two cells at the ends of a sheet of 4.6 kB took it
2 GB.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from openpyxl.utils.cell import range_boundaries

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Area:
    """A rectangle of cells; rows and columns count from 1."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, reference: str) -> "Area":
        """Return the area that `A1:C3` names."""
        left, top, right, bottom = range_boundaries(reference)
        return cls(left, top, right, bottom)

    def holds(self, row: int, column: int) -> bool:
        """Tell whether a cell is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class TableObject:
    """An Excel table: its name, where it is, and how many rows of headings and of totals it has."""

    name: str
    area: Area
    header_rows: int
    totals_rows: int


@dataclass
class SheetParts:
    """What one sheet's part tells beyond its cells."""

    merged: list[Area] = field(default_factory=list)
    uncomputed: set[str] = field(default_factory=set)
    tables: list[TableObject] = field(default_factory=list)

    def owner(self, row: int, column: int) -> tuple[int, int]:
        """Return the cell that is seen at a place: of merged cells the one at the top left."""
        for area in self.merged:
            if area.holds(row, column):
                return area.top, area.left
        return row, column

    def end(self, row: int, column: int) -> tuple[int, int]:
        """Return the last row and column of what is seen as one cell there."""
        for area in self.merged:
            if area.holds(row, column):
                return area.bottom, area.right
        return row, column


def sheet_parts(path: Path, sheet: str) -> SheetParts:
    """Return what the part of the sheet named *sheet* tells."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        parts = _scanned(archive, part)
        parts.tables = list(_tables(archive, part))
    return parts


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    book = next(target for kind, _, target in _relations(archive, "") if kind == "officeDocument")
    targets = {identity: target for _, identity, target in _relations(archive, book)}
    for element in _parsed(archive, book).iter():
        if _local(element.tag) == "sheet" and element.get("name") == sheet:
            return targets[_attribute(element, "id")]
    raise KeyError(sheet)


def _attribute(element: ET.Element, local: str) -> str:
    return next(value for name, value in element.items() if _local(name) == local and name != local)


def _tables(archive: zipfile.ZipFile, part: str) -> Iterator[TableObject]:
    for kind, _, target in _relations(archive, part):
        if kind == "table":
            table = _parsed(archive, target)
            yield TableObject(
                table.get("displayName", ""),
                Area.of(table.get("ref", "A1")),
                int(table.get("headerRowCount", "1")),
                int(table.get("totalsRowCount", "0")),
            )


def _relations(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, identity and target of each part that *part* refers to."""
    folder, name = posixpath.split(part)
    file = posixpath.join(folder, "_rels", f"{name}.rels")
    for relation in _parsed(archive, file) if file in archive.namelist() else ():
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
        yield relation.get("Type", "").rpartition("/")[2], relation.get("Id", ""), target


def _parsed(archive: zipfile.ZipFile, part: str) -> ET.Element:
    return ET.fromstring(archive.read(part))  # noqa: S314  # this parser was asked first: no part declares a type


@cache
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _scanned(archive: zipfile.ZipFile, part: str) -> SheetParts:
    scan = _Scan()
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            scan.parser.Parse(chunk, False)
    scan.parser.Parse(b"", True)
    return scan.parts


class _Scan:
    """Reads a sheet's part by events: a library that builds its tree would need ten times its size."""

    def __init__(self) -> None:
        self.parts = SheetParts()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._cell: str | None = None
        self._formula = self._result = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            self._cell, self._formula = attributes.get("r"), False
            self._result = attributes.get("t") == "str"  # an empty text is a result
        elif local == "f":
            self._formula = True
        elif local == "v":
            self.parser.CharacterDataHandler = self._text
        elif local == "mergeCell":
            self.parts.merged.append(Area.of(attributes["ref"]))

    def _text(self, text: str) -> None:
        self._result = self._result or bool(text)

    def _end(self, name: str) -> None:
        local = _local(name)
        if local == "v":
            self.parser.CharacterDataHandler = None
        elif local == "c" and self._formula and not self._result and self._cell is not None:
            self.parts.uncomputed.add(re.sub(r"\$", "", self._cell))
