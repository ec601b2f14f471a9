"""What a workbook's sheets show, cell by cell, and the parts of them in which something is looked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from rpa.documents.likeness import folded, nearest
from rpa.documents.sheets.book import Book, Sheet, address
from rpa.documents.sheets.cells import BLANK, Shown
from rpa.documents.ways import NotFoundError
from rpa.errors import DocumentProblem

LAST_ROW = 1 << 20
_SIDES = {"left": "left of", "above": "above"}


class Grid:
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
        self.texts = [Spot(self, *place) for place, shown in self._shown.items() if shown.text]
        self.faults = [Spot(self, *place) for place, shown in self._shown.items() if shown.fault]

    def shown(self, row: int, column: int) -> Shown:
        """Return what a cell shows."""
        return self._shown.get((row, column), BLANK)

    def spot(self, row: int, column: int) -> "Spot":
        """Return the cell that is seen at a place; of merged cells it is the first."""
        return Spot(self, *self._parts.owner(max(row, 1), max(column, 1)))

    def end(self, spot: "Spot") -> tuple[int, int]:
        """Return the last row and column of *spot*, which may be merged of many."""
        return self._parts.end(spot.row, spot.column)

    def beside(self, spot: "Spot", where: str) -> "Spot":
        """Return the cell next to *spot*, which may be merged of many; raise `NotFoundError` at the edge."""
        bottom, right = self._parts.end(spot.row, spot.column)
        rows = {"below": bottom + 1, "above": spot.row - 1}
        columns = {"right": right + 1, "left": spot.column - 1}
        row, column = rows.get(where, spot.row), columns.get(where, spot.column)
        if row < 1 or column < 1:
            raise NotFoundError(f"no cell is {_SIDES[where]} {spot.named}: it is at the edge of its sheet")
        return self.spot(row, column)


@dataclass(frozen=True)
class Spot:
    """One cell."""

    grid: Grid
    row: int
    column: int

    @property
    def shown(self) -> Shown:
        """What it shows."""
        return self.grid.shown(self.row, self.column)

    @property
    def text(self) -> str:
        """The text that it shows."""
        return self.shown.text

    @property
    def address(self) -> str:
        """Its address without the sheet, `B7`."""
        return address(self.row, self.column)

    @property
    def named(self) -> str:
        """Its address, `Cover!B7`."""
        return f"{self.grid.name}!{self.address}"


@dataclass(frozen=True)
class Region:
    """The lines from *top* to *bottom* of some sheets."""

    grids: Sequence[Grid]
    top: int = 1
    bottom: int = LAST_ROW

    def spots(self) -> Iterator[Spot]:
        """Yield every cell with a text, sheet by sheet and line by line."""
        return (spot for grid in self.grids for spot in grid.texts if self.top <= spot.row <= self.bottom)

    def find(self, text: str) -> list[Spot]:
        """Return the cells that say *text*, if need be before a bracket; raise `NotFoundError` without any."""
        meant = folded(text)
        found = [spot for spot in self.spots() if folded(spot.text) == meant]
        found = found or [spot for spot in self.spots() if folded(spot.text.partition("(")[0]) == meant]
        if not found:
            close = nearest(text, (spot.text for spot in self.spots()))
            raise NotFoundError(f'no cell says "{text}"' + (f'; did you mean "{close}"?' if close else ""))
        return found

    def one(self, text: str) -> Spot:
        """Return the cell that says *text*; raise `NotFoundError` where none does, or several do."""
        found = self.find(text)
        if len(found) > 1:
            where = ", ".join(spot.named for spot in found)
            raise NotFoundError(f'"{text}" stands in {where}: name the cell of the value instead')
        return found[0]

    def between(self, texts: Sequence[str]) -> "Region":
        """Return the lines between that of the first and that of the second text; all of it without any."""
        if not texts:
            return self
        first = self.one(texts[0])
        below = Region((first.grid,), first.row + 1, self.bottom)
        last = below.one(texts[1])
        return Region((first.grid,), first.row + 1, last.row - 1)

    def under(self, text: str | None) -> "Region":
        """Return the lines below the one that holds *text*; all of it without a text."""
        if text is None:
            return self
        spot = self.one(text)
        return Region((spot.grid,), spot.row + 1, self.bottom)


@dataclass
class Grids:
    """The sheets of a workbook, each gone through once."""

    book: Book
    _known: dict[str, Grid] = field(default_factory=dict)

    def of(self, name: str) -> Grid:
        """Return the sheet *name*, be it hidden; raise `DocumentProblem` where there is none."""
        if name not in self._known:
            self._known[name] = Grid(self.book.sheet(name))
        return self._known[name]

    def visible(self) -> list[Grid]:
        """Return the sheets that a person sees; raise `DocumentProblem` where there are none."""
        names = self.book.visible()
        if not names:
            raise DocumentProblem("missing", "no sheet of it can be seen")
        return list(map(self.of, names))

    def texts(self) -> Iterator[str]:
        """Yield every text that a person sees."""
        return (spot.text for spot in chain.from_iterable(grid.texts for grid in self.visible()))
