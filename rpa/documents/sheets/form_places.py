"""Where on a workbook that is filled in like a paper form a value stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from openpyxl.utils.cell import coordinate_to_tuple

from rpa.documents.base import Cell, Place, Source
from rpa.documents.likeness import folded
from rpa.documents.sheets.grid import Grid, Grids, Region, Spot
from rpa.documents.ways import NotFoundError, by_first_way

_ADDRESS = re.compile(r"(?:'?(?P<sheet>[^!]+?)'?!)?(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})", re.IGNORECASE)
_THING = r"( an?| one| your| from)?( option| item| value| answer| list| one)| one"
_NOT_CHOSEN = re.compile(
    rf"\W*(please (select|choose|pick)({_THING})?\W*"
    rf"|(select|choose|pick)(({_THING})\W*|\s*(\.\.|[^\w\s.,;'\u2019])\W*))",
    re.IGNORECASE,
)
"""What drop-down lists show before a choice: `Please select an option`, `Choose an item.`, `< Select >`.

Never the bare word, which is a name of people too.
"""

_MARKS = frozenset({"x", "✓", "✔", "☑", "☒", "●", "true", "yes", "y", "1"})
_NO_MARKS = frozenset({"", "no", "n", "0", "false", "-", "☐", "□", "○"})
_UNKNOWN = "is neither marked nor left blank: put an x there, or clear it"
LONGEST = 1_000
"""Cells that a value which ends at a text may go through."""


@dataclass(frozen=True)
class FormPlaces:
    """Finds values on *grids*; labels are looked for on the sheet *named*, else on all that are visible."""

    grids: Grids
    named: str | None
    labels: frozenset[str]
    sha256: str

    @cached_property
    def sheets(self) -> Sequence[Grid]:
        """The sheets on which labels are looked for."""
        return [self.grids.of(self.named)] if self.named else self.grids.visible()

    def cell(self, place: Place) -> Cell:
        """Return the value at *place*; raise `NotFoundError` where that leads nowhere or to an error."""
        return by_first_way(place, self._by_one_way)

    def _by_one_way(self, place: Place) -> Cell:
        if place.choose:
            return self._choice(place)
        spots, how = self._sound(place)
        texts = ["" if _NOT_CHOSEN.fullmatch(spot.text) else spot.text for spot in spots]
        return Cell("\n".join(filter(None, texts)), self._source(spots[0], how))

    def _sound(self, place: Place) -> tuple[Sequence[Spot], str]:
        """Return the cells at *place* and what found them; raise `NotFoundError` where one holds an error."""
        spots, how = self._spots(place)
        for spot in spots:
            if spot.shown.fault:
                raise NotFoundError(spot.shown.fault, self._source(spot, how))
        return spots, how

    def _source(self, spot: Spot, how: str) -> Source:
        grid = spot.grid
        return Source(document=self.sha256, how=how, sheet=grid.name, sheet_number=grid.number, cell=spot.address)

    def _choice(self, place: Place) -> Cell:
        """Return the keys whose cells are marked; raise `NotFoundError` where one can't be told to be or not."""
        found = {
            key: self._sound(one if one.label or one.cell or one.name else replace(one, label=key))
            for key, one in place.choose.items()
        }
        chosen = [key for key, (spots, how) in found.items() if self._is_marked(spots[0], how)]
        (spot, *_), how = found[chosen[0] if chosen else next(iter(found))]
        return Cell("; ".join(chosen), self._source(spot, how))

    def _is_marked(self, spot: Spot, how: str) -> bool:
        text = spot.text.casefold()
        if text in _MARKS:
            return True
        if text in _NO_MARKS or _NOT_CHOSEN.fullmatch(text):
            return False
        raise NotFoundError(_UNKNOWN, self._source(spot, how))

    def _spots(self, place: Place) -> tuple[Sequence[Spot], str]:
        if place.cell:
            return [self._at(place.cell)], "cell"
        if place.name:
            return [self._called(place.name)], "name"
        if place.label:
            label = self._label(place)
            return list(self._until(label, place)) if place.until else [self._beside(label, place.where)], "label"
        raise NotFoundError("has no place in a workbook: give its label, its cell or its name")

    def _at(self, wanted: str) -> Spot:
        match = _ADDRESS.fullmatch(wanted)
        if match is None:
            raise NotFoundError(f"{wanted} is no cell: write it as B7 or Cover!B7")
        row, column = coordinate_to_tuple(match["cell"].replace("$", "").upper())
        grid = self.grids.of(match["sheet"]) if match["sheet"] else self.sheets[0]
        return grid.spot(row, column)

    def _called(self, name: str) -> Spot:
        """Return the cell of a name; a name of several cells is one value if only one of them holds anything.

        An error in any of them is what is found: nobody knows what would stand there.
        """
        sheet, area = self.grids.book.named(name)
        grid = self.grids.of(sheet)
        faults, filled = (
            [spot for spot in spots if area.holds(spot.row, spot.column)] for spots in (grid.faults, grid.texts)
        )
        if faults:
            return faults[0]
        if len(filled) > 1:
            raise NotFoundError(f"{name} is the name of {len(filled)} filled cells: name the cell of the value")
        return filled[0] if filled else grid.spot(area.top, area.left)

    def _label(self, place: Place) -> Spot:
        region = Region(self.sheets).between(place.between).under(place.under)
        text = place.label or ""
        if place.nth is None and place.under is None:
            return region.one(text)
        found, number = region.find(text), place.nth or 1
        if len(found) < number:
            raise NotFoundError(f'"{text}" stands there {len(found)} times, not {number}')
        return found[number - 1]

    def _until(self, label: Spot, place: Place) -> Iterator[Spot]:
        """Yield the cells from the label on, up to one that begins with the text which ends the value."""
        where = "below" if place.where == "auto" else place.where
        spot = label
        for _ in range(LONGEST):
            further = spot.grid.beside(spot, where)
            if spot is not label and folded(further.text).startswith(folded(place.until or "")):
                return
            spot = further
            yield spot
        raise NotFoundError(f'"{place.until}" does not stand {where} of "{place.label}"')

    def _beside(self, label: Spot, where: str) -> Spot:
        if where != "auto":
            return label.grid.beside(label, where)
        plain = {0, label.shown.look}
        right, below = (label.grid.beside(label, way) for way in ("right", "below"))
        further = label.grid.beside(right, "right")
        if right.shown.look in plain and further.shown.look not in plain:
            return further  # a box to fill in behind a sign such as USD
        if self._is_value(right) or right.shown.look not in plain:
            return right  # also where it is blank but formatted as a box to fill in
        return below if self._is_value(below) and below.shown.look != label.shown.look else right

    def _is_value(self, spot: Spot) -> bool:
        return not spot.shown.blank and folded(spot.text) not in self.labels
