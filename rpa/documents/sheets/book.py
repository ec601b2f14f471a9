"""An open workbook, whatever kind of file it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from openpyxl.utils import get_column_letter

from rpa.documents.likeness import folded, nearest
from rpa.documents.sheets.cells import BLANK, Line, Shown
from rpa.documents.sheets.parts import Area, SheetParts
from rpa.documents.ways import NotFoundError
from rpa.errors import DocumentProblem

_CELLS = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(:\$?[A-Z]{1,3}\$?\d{1,7})?")


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its name, its place among the tabs, what stands beside its cells, and its cells row by row.

    *rows* yields the number of each row that has cells, and these; *draw* tells how a cell at a row and column is
    seen. Hidden rows and columns are read like others.
    """

    name: str
    number: int
    parts: SheetParts
    rows: Callable[[], Iterator[tuple[int, Sequence[Any]]]]
    draw: Callable[[Any, int, int], Shown]
    draw_some: Callable[[Sequence[Any], Sequence[int]], list[Shown]] | None = None
    """Draws the cells of some columns of a row, where that is quicker than one by one."""

    def lines(self) -> Iterator[Line]:
        """Yield the rows that have cells."""
        merged, some = bool(self.parts.merged), self.draw_some
        shown = self._shown if merged else self._drawn
        for number, cells in self.rows():
            picked = partial(some, cells) if some is not None and not merged else None
            yield Line(number, len(cells), partial(shown, cells, number), picked)

    def _drawn(self, cells: Sequence[Any], row: int, place: int) -> Shown:
        return self.draw(cells[place], row, place + 1)

    def _shown(self, cells: Sequence[Any], row: int, place: int) -> Shown:
        if self.parts.owner(row, place + 1) != (row, place + 1):
            return BLANK  # merged away: kept in the file, but nobody sees it
        return self.draw(cells[place], row, place + 1)


@dataclass(frozen=True)
class Tab:
    """A sheet that may be opened."""

    visible: bool
    open: Callable[[], Sheet]


@dataclass(frozen=True)
class Book:
    """An open workbook: its sheets in the order of their tabs, and where the names lead that it defines."""

    tabs: Mapping[str, Tab]
    names: Mapping[str, Callable[[], Sequence[tuple[str, str]]]] = field(default_factory=dict)

    def visible(self) -> list[str]:
        """Return the names of the sheets that a person sees."""
        return [title for title, tab in self.tabs.items() if tab.visible]

    def named(self, name: str) -> tuple[str, Area]:
        """Return the sheet and the cells that the workbook calls *name*; raise `NotFoundError` without one."""
        known = {folded(one): places for one, places in self.names.items()}
        if folded(name) not in known:
            meant = nearest(name, self.names)
            raise NotFoundError(f"the workbook has no name {name}" + (f"; did you mean {meant}?" if meant else ""))
        places = known[folded(name)]()
        if len(places) != 1 or not _CELLS.fullmatch(places[0][1]):
            raise NotFoundError(
                f"{name} is no name of a cell in this workbook: somebody has changed or deleted it"
            )
        return places[0][0], Area.of(places[0][1].replace("$", ""))

    def sheet(self, name: str) -> Sheet:
        """Return the sheet *name*, be it hidden; raise `DocumentProblem` where there is none."""
        title = {folded(one): one for one in self.tabs}.get(folded(name))
        if title is None:
            meant = nearest(name, self.tabs)
            hint = f'; did you mean "{meant}"?' if meant else ""
            raise DocumentProblem(
                "missing", f'no sheet is called "{name}"; there are {", ".join(self.visible())}{hint}'
            )
        return self.tabs[title].open()


def address(row: int, column: int) -> str:
    """Return the name of a cell; both count from 1."""
    return f"{get_column_letter(column)}{row}"
