"""What an empty workbook asks for: cells with a name, boxes beside labels, and tables below headings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rpa.documents.likeness import folded
from rpa.documents.sheets.grid import Grid, Grids, Spot
from rpa.documents.sheets.parts import Area
from rpa.documents.ways import NotFoundError
from rpa.errors import DocumentProblem

COLUMNS = 3
"""Texts side by side with nothing below them are the headings of a table."""

TEXTS = 2
"""Texts that a workbook is proposed to be known by."""

_TELLING = 2
"""Words: a text with fewer is in many workbooks."""

LONGEST_TEXT = 80
_LONGEST_LABEL = 150
"""Letters: longer texts are instructions."""


@dataclass(frozen=True, kw_only=True)
class AskedCell:
    """One value: the *label* that a person reads, and the workbook's *name* for its cell or the cell's address.

    A column of a table has its *table*: the name of the sheet.
    """

    label: str = ""
    name: str = ""
    cell: str = ""
    table: str = ""


@dataclass
class Asking:
    """Goes through the sheets of a workbook that a person sees."""

    grids: Grids
    _taken: set[tuple[str, int, int]] = field(default_factory=set)

    def known_by(self) -> tuple[list[str], list[str]]:
        """Return texts and sheets that tell the workbook from others."""
        texts = [spot.text for grid in self.grids.visible() for spot in grid.texts]
        short = [text for text in texts if len(text) <= LONGEST_TEXT and "\n" not in text]
        telling = dict.fromkeys(text for text in short if len(text.split()) >= _TELLING)
        return list(telling)[:TEXTS], [grid.name for grid in self.grids.visible()]

    def asked(self) -> list[AskedCell]:
        """Return all values; those with names come first, for a name stays right when a row is inserted."""
        return [*self._named(), *self._columns(), *self._labelled()]

    def _named(self) -> Iterator[AskedCell]:
        for name, (grid, area) in self._names().items():
            head = grid.spot(area.top, area.left)
            bottom, right = grid.end(head)
            if (bottom, right) == (area.bottom, area.right) or (area.top, area.left) == (area.bottom, area.right):
                self._take(grid, area)
                yield AskedCell(label=_label_of(head), name=name)
            elif area.left == area.right:
                self._take(grid, area)
                yield AskedCell(label=self._heading(grid, area), name=name, table=grid.name)

    def _names(self) -> Mapping[str, tuple[Grid, Area]]:
        visible = {grid.name: grid for grid in self.grids.visible()}
        found: dict[str, tuple[Grid, Area]] = {}
        for name in self.grids.book.names:
            try:
                sheet, area = self.grids.book.named(name)
            except (NotFoundError, DocumentProblem):
                continue
            if sheet in visible and not name.startswith("_"):
                found[name] = visible[sheet], area
        return found

    def _heading(self, grid: Grid, area: Area) -> str:
        if area.top == 1:
            return ""
        spot = grid.spot(area.top - 1, area.left)
        self._taken.add((grid.name, spot.row, spot.column))
        return spot.text

    def _columns(self) -> Iterator[AskedCell]:
        """Yield the headings of the first table of each sheet of which no column has a name."""
        for grid in self.grids.visible():
            heads = next((run for run in _runs(self._free(grid)) if len(run) >= COLUMNS and _open_below(run)), [])
            for spot in heads:
                self._taken.add((grid.name, spot.row, spot.column))
                yield AskedCell(label=spot.text, table=grid.name)

    def _labelled(self) -> Iterator[AskedCell]:
        every = [folded(spot.text) for grid in self.grids.visible() for spot in grid.texts]
        for grid in self.grids.visible():
            for spot in self._free(grid):
                box = _box_of(spot)
                if box is not None and (grid.name, box.row, box.column) not in self._taken:
                    self._taken.add((grid.name, box.row, box.column))
                    once = every.count(folded(spot.text)) == 1
                    yield AskedCell(label=spot.text if once else "", cell="" if once else box.named)

    def _free(self, grid: Grid) -> list[Spot]:
        spots = (spot for spot in grid.texts if (grid.name, spot.row, spot.column) not in self._taken)
        return [spot for spot in spots if len(spot.text) <= _LONGEST_LABEL]

    def _take(self, grid: Grid, area: Area) -> None:
        self._taken.add((grid.name, area.top, area.left))


def _runs(spots: Sequence[Spot]) -> Iterator[list[Spot]]:
    """Yield texts that stand side by side."""
    run: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: (spot.row, spot.column)):
        if run and run[-1].grid.beside(run[-1], "right") != spot:
            yield run
            run = []
        run.append(spot)
    if run:
        yield run


def _open_below(run: Sequence[Spot]) -> bool:
    """Tell whether nothing stands below the headings, two of three at least: a formula may."""
    below = [spot.grid.beside(spot, "below") for spot in run]
    return sum(not spot.text for spot in below) * 3 >= len(run) * 2


def _box_of(label: Spot) -> Spot | None:
    """Return the empty cell to the right of a label or below it that looks like a box to fill in."""
    plain = {0, label.shown.look}
    boxes = (label.grid.beside(label, way) for way in ("right", "below"))
    return next((box for box in boxes if box.shown.blank and box.shown.look not in plain), None)


def _label_of(box: Spot) -> str:
    """Return the text to the left of a cell or above it; nothing where there is none."""
    for way in ("left", "above"):
        try:
            spot = box.grid.beside(box, way)
        except NotFoundError:
            continue
        if spot.text and len(spot.text) <= _LONGEST_LABEL:
            return spot.text
    return ""
