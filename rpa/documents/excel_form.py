"""Reader `excel-form`: a workbook that is filled in like a paper form: one record, or one for each line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.editions import recognised
from rpa.documents.likeness import folded
from rpa.documents.notices import notices_of_workbook
from rpa.documents.sheets.form_places import FormPlaces
from rpa.documents.sheets.form_table import table_rows
from rpa.documents.sheets.grid import Grids
from rpa.documents.sheets.opening import open_book
from rpa.documents.spread import spread
from rpa.documents.ways import NotFoundError


class ExcelForm:
    """Reads the cell that a person fills in for a label, or the cell that is named (`B7`, `Cover!B7`).

    So it reads the lines of a table that the form declares. The value stands to the right of its label or below
    it (`where`). With `auto` it is to the right, in the first or second cell, whichever is formatted as a box to
    fill in; and below only where the right is empty and the cell below looks unlike the label. Merged cells are
    one. A drop-down list's "Please select" is blank. Texts are as in `excel`. Hidden rows are read, and hidden
    sheets only where they are named. Option: `sheet` (else every visible sheet is searched).
    """

    name = "excel-form"
    options = frozenset({"sheet"})

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield the row, or one for each line of the table; raise `DocumentProblem` for what is no such form."""
        with open_book(path) as book:
            grids = Grids(book)
            edition, of_edition = recognised(wanted, _Look(grids))
            row = replace(_row(grids, of_edition, sha256, edition), notices=notices_of_workbook(path))
            if of_edition.table is None:
                yield row
            else:
                yield from spread(row, table_rows(grids, of_edition.table, sha256))


@dataclass(frozen=True)
class _Look:
    """What tells one form from another."""

    grids: Grids

    @cached_property
    def _texts(self) -> list[str]:
        return list(map(folded, self.grids.texts()))

    def says(self, text: str) -> bool:
        return any(folded(text) in shown for shown in self._texts)

    def has_field(self, _name: str) -> bool:
        return False

    def has_sheet(self, name: str) -> bool:
        return folded(name) in map(folded, self.grids.book.visible())


def _row(grids: Grids, wanted: Wanted, sha256: str, edition: str | None) -> Row:
    """Return all that is wanted, and for what was not found the reason."""
    every = (one for place in wanted.places.values() for one in place.parts())
    labels = frozenset(folded(place.label) for place in every if place.label)
    form = FormPlaces(grids, wanted.options.get("sheet"), labels, sha256)
    cells: dict[str, Cell] = {}
    missing: dict[str, str] = {}
    errors: dict[str, Source] = {}
    for name, place in wanted.places.items():
        try:
            cells[name] = form.cell(place)
        except NotFoundError as reason:
            missing[name] = str(reason)
            errors |= {name: reason.source} if reason.source is not None else {}
    first = form.sheets[0]
    return Row(
        place=first.name,
        sheet_number=first.number,
        cells=cells,
        missing=missing,
        errors=errors,
        edition=edition,
    )
