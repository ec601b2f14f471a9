"""What stands in a workbook's parts and what the library for cells does not tell while it streams them.

That is: which cells are merged, which formulas have no stored result, and where the table objects are. The
streaming mode is used because the other one fills every gap: two cells at the ends of a sheet of 4.6 kB took it
2 GB.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from rpa.documents.sheets.plainly import skeleton
from rpa.errors import DocumentProblem

_CHUNK = 1 << 20
_ROW, _C, _F, _V, _MERGED = (
    f"http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{local}"
    for local in ("row", "c", "f", "v", "mergeCell")
)
"""Drawings on a sheet have rows of their own."""


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
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    tables: list[TableObject] = field(default_factory=list)
    part: str = ""
    plain: bool = False
    """Whether the rows of *part* are written plainly: then formulas without a result are not listed here."""

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
        part = part_of(archive, sheet)
        parts = _scanned(archive, part)
        parts.part = part
        parts.tables = list(_tables(archive, part))
    return parts


def part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that the sheet named *sheet* is; raise `KeyError` where there is none."""
    book = next(target for kind, _, target in relations(archive, "") if kind == "officeDocument")
    targets = {identity: target for _, identity, target in relations(archive, book)}
    for element in _parsed(archive, book).iter():
        if _local(element.tag) == "sheet" and element.get("name") == sheet:
            return targets[_attribute(element, "id")]
    raise KeyError(sheet)


def _attribute(element: ET.Element, local: str) -> str:
    return next(value for name, value in element.items() if _local(name) == local and name != local)


def _tables(archive: zipfile.ZipFile, part: str) -> Iterator[TableObject]:
    for kind, _, target in relations(archive, part):
        if kind == "table":
            table = _parsed(archive, target)
            yield TableObject(
                table.get("displayName", ""),
                Area.of(table.get("ref", "A1")),
                int(table.get("headerRowCount", "1")),
                int(table.get("totalsRowCount", "0")),
            )


def relations(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
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
        bare = skeleton(file)
    if bare is not None:
        scan.parser.Parse(bare, True)
        scan.parts.plain = True
        return scan.parts
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            scan.parser.Parse(chunk, False)
    scan.parser.Parse(b"", True)
    return scan.parts


class _Scan:
    """Reads a sheet's part by events: a library that builds its tree would need ten times its size.

    Rows and cells need not say where they are; as in the library for cells, one that does not comes next.
    """

    def __init__(self) -> None:
        self.parts = SheetParts()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._row = self._column = 0
        self._formula = self._result = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _C:
            self._begin_cell(attributes.get("r"))
            self._formula = False
            self._result = attributes.get("t") == "str"  # an empty text is a result
        elif name == _F:
            self._formula = True
        elif name == _V:
            self.parser.CharacterDataHandler = self._text
        elif name == _ROW:
            self._begin_row(attributes.get("r"))
        elif name == _MERGED:
            self.parts.merged.append(Area.of(attributes["ref"]))

    def _begin_row(self, said: str | None) -> None:
        last, self._column = self._row, 0
        self._row = int(float(said)) if said is not None else last + 1
        if self._row <= last:
            raise out_of_order(self._row)  # the library for cells would leave it out

    def _begin_cell(self, said: str | None) -> None:
        last = self._column
        row, self._column = coordinate_to_tuple(said) if said else (self._row, last + 1)
        if row != self._row or self._column <= last:
            raise out_of_order(self._row)  # the library for cells would leave some out, or put them elsewhere

    def _text(self, text: str) -> None:
        self._result = self._result or bool(text)

    def _end(self, name: str) -> None:
        if name == _V:
            self.parser.CharacterDataHandler = None
        elif name == _C and self._formula and not self._result:
            self.parts.uncomputed.add((self._row, self._column))


def out_of_order(row: int) -> DocumentProblem:
    """Return what is to be told where the rows or cells of a sheet are not in their order."""
    return DocumentProblem(
        "damaged", f"its row {row} or a cell of it is out of order; open it in Excel, save it and try again"
    )
