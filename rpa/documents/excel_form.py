"""Reader `excel-form`: a workbook that is filled in like a paper form is one record."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from openpyxl.utils.cell import coordinate_to_tuple

from rpa.documents.base import Cell, Place, Row, Source, Wanted
from rpa.documents.editions import recognised
from rpa.documents.likeness import folded, nearest
from rpa.documents.sheets.book import Book, Sheet, address, open_book
from rpa.documents.sheets.cells import BLANK, Shown
from rpa.documents.ways import NotFoundError, by_first_way

_ADDRESS = re.compile(r"(?:'?(?P<sheet>[^!]+?)'?!)?(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})", re.IGNORECASE)
_NOT_CHOSEN = re.compile(
    r"\W*(please )?(select|choose|pick)( an?| one| your| from)?( option| item| value| answer| list| one)?\W*",
    re.IGNORECASE,
)
"""What drop-down lists show before a choice: `Please select an option`, `Choose an item.`, `< Select >`."""

_MARKS = frozenset({"x", "✓", "✔", "☑", "☒", "●", "true", "yes", "y", "1"})


class ExcelForm:
    """Reads the cell that a person fills in for a label, or the cell that is named (`B7`, `Cover!B7`).

    The value stands to the right of its label or below it (`where`). With `auto` it is to the right, in the first
    or second cell, whichever is formatted as a box to fill in; and below only where the right is empty and the
    cell below looks unlike the label. Merged cells are one. A drop-down list's
    "Please select" is blank. Texts are as in `excel`. Option: `sheet` (else every visible sheet is searched).
    """

    name = "excel-form"
    options = frozenset({"sheet"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the one row; raise `DocumentProblem` where the file is no workbook or lacks the sheet."""
        with open_book(path) as book:
            edition, of_edition = recognised(wanted, _Look(book))
            yield _Form(book, of_edition, sha256, edition).row()


class _Cells:
    """What one sheet shows, by row and column."""

    def __init__(self, sheet: Sheet) -> None:
        self.name, self.number = sheet.name, sheet.number
        self._parts = sheet.parts
        self._shown = {
            (line.number, column): shown
            for line in sheet.lines()
            for column, shown in enumerate(line.cells(), start=1)
            if shown != BLANK
        }

    def labelled(self) -> Iterator[tuple[str, "_Spot"]]:
        """Yield every text with its cell."""
        for (row, column), shown in self._shown.items():
            if shown.text:
                yield shown.text, _Spot(self, row, column)

    def shown(self, row: int, column: int) -> Shown:
        """Return what a cell shows."""
        return self._shown.get((row, column), BLANK)

    def spot(self, row: int, column: int) -> "_Spot":
        """Return the cell that is seen at a place; of merged cells it is the first."""
        return _Spot(self, *self._parts.owner(max(row, 1), max(column, 1)))

    def beside(self, spot: "_Spot", where: str) -> "_Spot":
        """Return the cell next to *spot*, which may be merged of many."""
        bottom, right = self._parts.end(spot.row, spot.column)
        rows = {"below": bottom + 1, "above": spot.row - 1}
        columns = {"right": right + 1, "left": spot.column - 1}
        return self.spot(rows.get(where, spot.row), columns.get(where, spot.column))


@dataclass(frozen=True)
class _Spot:
    """One cell."""

    cells: _Cells
    row: int
    column: int

    @property
    def shown(self) -> Shown:
        return self.cells.shown(self.row, self.column)

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True)
class _Look:
    """What tells one form from another."""

    book: Book

    @cached_property
    def _texts(self) -> list[str]:
        sheets = map(self.book.sheet, self.book.visible())
        return [folded(text) for sheet in sheets for text, _ in _Cells(sheet).labelled()]

    def says(self, text: str) -> bool:
        return any(folded(text) in shown for shown in self._texts)

    def has_field(self, _name: str) -> bool:
        return False

    def has_sheet(self, name: str) -> bool:
        return folded(name) in map(folded, self.book.visible())


@dataclass(frozen=True)
class _Form:
    """One workbook and what is wanted of it."""

    book: Book
    wanted: Wanted
    sha256: str
    edition: str | None

    def row(self) -> Row:
        """Return all that is wanted, and for what was not found the reason."""
        cells: dict[str, Cell] = {}
        missing: dict[str, str] = {}
        for name, place in self.wanted.places.items():
            try:
                cells[name] = self._cell(place)
            except NotFoundError as reason:
                missing[name] = str(reason)
        first = self._sheets[0]
        return Row(
            place=first.name,
            sheet_number=first.number,
            cells=cells,
            missing=missing,
            edition=self.edition,
        )

    @cached_property
    def _sheets(self) -> list[_Cells]:
        named = self.wanted.options.get("sheet")
        return [_Cells(self.book.sheet(name)) for name in ([named] if named else self.book.visible())]

    @cached_property
    def _labels(self) -> frozenset[str]:
        every = (one for place in self.wanted.places.values() for one in place.parts())
        return frozenset(folded(place.label) for place in every if place.label)

    def _cell(self, place: Place) -> Cell:
        return by_first_way(place, self._by_one_way)

    def _by_one_way(self, place: Place) -> Cell:
        if place.choose:
            return self._choice(place.choose)
        spot, how = self._spot(place)
        if spot.shown.fault:
            raise NotFoundError(spot.shown.fault)
        text = "" if _NOT_CHOSEN.fullmatch(spot.shown.text) else spot.shown.text
        return Cell(text, self._source(spot, how))

    def _source(self, spot: _Spot, how: str) -> Source:
        sheet = spot.cells
        return Source(
            document=self.sha256, how=how, sheet=sheet.name, sheet_number=sheet.number, cell=spot.address
        )

    def _choice(self, choose: Mapping[str, Place]) -> Cell:
        """Return the keys whose cells are marked."""
        spots = {
            key: self._spot(place if place.label or place.cell else replace(place, label=key))
            for key, place in choose.items()
        }
        chosen = [key for key, (spot, _) in spots.items() if spot.shown.text.casefold() in _MARKS]
        return Cell("; ".join(chosen), self._source(*spots[chosen[0] if chosen else next(iter(spots))]))

    def _spot(self, place: Place) -> tuple[_Spot, str]:
        if place.cell:
            return self._at(place.cell), "cell"
        if place.label:
            return self._beside(self._label(place.label), place.where), "label"
        raise NotFoundError("has no place in a workbook: give its label or its cell")

    def _at(self, wanted: str) -> _Spot:
        match = _ADDRESS.fullmatch(wanted)
        if match is None:
            raise NotFoundError(f"{wanted} is no cell: write it as B7 or Cover!B7")
        row, column = coordinate_to_tuple(match["cell"].replace("$", "").upper())
        if match["sheet"]:
            return _Cells(self.book.sheet(match["sheet"])).spot(row, column)
        return self._sheets[0].spot(row, column)

    def _label(self, text: str) -> _Spot:
        every = [found for cells in self._sheets for found in cells.labelled()]
        spots = [spot for shown, spot in every if folded(shown) == folded(text)]
        spots = spots or [spot for shown, spot in every if folded(shown.partition("(")[0]) == folded(text)]
        if len(spots) > 1:
            where = ", ".join(f"{spot.cells.name}!{spot.address}" for spot in spots)
            raise NotFoundError(f'"{text}" stands in {where}: name the cell of the value instead')
        if not spots:
            meant = nearest(text, (shown for shown, _ in every))
            raise NotFoundError(f'no cell says "{text}"' + (f'; did you mean "{meant}"?' if meant else ""))
        return spots[0]

    def _beside(self, label: _Spot, where: str) -> _Spot:
        if where != "auto":
            return label.cells.beside(label, where)
        plain = {0, label.shown.look}
        right, below = (label.cells.beside(label, way) for way in ("right", "below"))
        further = label.cells.beside(right, "right")
        if right.shown.look in plain and further.shown.look not in plain:
            return further  # a box to fill in behind a sign such as USD
        if self._is_value(right) or right.shown.look not in plain:
            return right  # also where it is blank but formatted as a box to fill in
        return below if self._is_value(below) and below.shown.look != label.shown.look else right

    def _is_value(self, spot: _Spot) -> bool:
        return not spot.shown.blank and folded(spot.shown.text) not in self._labels
