"""The contract of a reader: a document goes in, rows of cells come out, each with the place it stood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Document:
    """One source file, known by the SHA-256 of its bytes."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a value stood: a page and box of a PDF (points from the top left), or a sheet and cell, or a line.

    *sheet_number* is the sheet's place among the tabs, counted from 1. *how* says what found it: `form` (a form's
    field), `label`, `cell`, `column`, `file name`.
    """

    document: str
    how: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    sheet_number: int | None = None
    cell: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        """Return the place in words: `Members!B7`, or `page 1, 42,161-190,179` (points from the top left)."""
        if self.sheet is not None:
            return f"{self.sheet}!{self.cell}"
        if self.page is None and self.cell is None:
            return self.how
        if self.page is None:
            return str(self.cell)
        if self.box is None:
            return f"page {self.page}"
        left, top, right, bottom = (round(edge) for edge in self.box)
        return f"page {self.page}, {left},{top}-{right},{bottom}"

    @property
    def logged(self) -> str:
        """The place without words of the document: a sheet by its number, for its name may be a person's."""
        return str(self) if self.sheet is None else f"{_numbered(self.sheet_number)}!{self.cell}"


def _numbered(sheet: int | None) -> str:
    return "sheet" if sheet is None else f"sheet {sheet}"


@dataclass(frozen=True)
class Cell:
    """One text as it is shown in the document, and where."""

    text: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was found for one record.

    *place* names the row for people (`page 1`, `Members!7`); *sheet_number* and *line* say the same in numbers.
    *missing* tells for each wanted name that was not found what was looked for and what to do. *edition* is
    the one that the document was recognised as, where its form has editions.
    """

    place: str
    cells: Mapping[str, Cell]
    missing: Mapping[str, str] = field(default_factory=dict)
    edition: str | None = None
    sheet_number: int | None = None
    line: int | None = None

    @property
    def logged(self) -> str:
        """The place without words of the document: `sheet 2!7`, `sheet 2`, `page 1`."""
        if self.sheet_number is None:
            return self.place
        return _numbered(self.sheet_number) + (f"!{self.line}" if self.line else "")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one wanted value stands on a document; the ways given are tried in the order of these fields.

    *fields* are AcroForm names by suffix or glob; several are joined in order (comb boxes). *cell* is an Excel
    address. *label* is what a person reads beside, above or at the head of the value; *where* the direction
    from the label to the value (`right`, `below`, `left`, `above`, `auto`), *until* a text that ends it.
    *choose* maps what the value becomes to the place of its tick. *others* are further ways, each tried where all
    before it lead nowhere.
    """

    fields: Sequence[str] = ()
    cell: str | None = None
    label: str | None = None
    where: str = "auto"
    until: str | None = None
    choose: Mapping[str, "Place"] = field(default_factory=dict)
    others: Sequence["Place"] = ()

    def parts(self) -> Iterator["Place"]:
        """Yield this place and every one inside of it."""
        yield self
        for inner in (*self.choose.values(), *self.others):
            yield from inner.parts()


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of a form: what it is known by, and where its values stand.

    *texts* are printed on it, *sheets* are in the workbook, *fields* are AcroForm names that a copy which can be
    typed into has; *no_texts* are printed on others and not on it. *blank* is the path of its empty form.
    """

    places: Mapping[str, Place]
    texts: Sequence[str] = ()
    no_texts: Sequence[str] = ()
    fields: Sequence[str] = ()
    sheets: Sequence[str] = ()
    blank: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader is asked for: the places by name, and the reader's own options (`sheet`, `table`, ...).

    Where there are *editions*, the document is first recognised as one of them, and that one says the places.
    """

    places: Mapping[str, Place]
    options: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)

    @property
    def blanks(self) -> list[Path]:
        """The empty forms that a reader may need to open."""
        named = [self.options.get("blank"), *(edition.blank for edition in self.editions.values())]
        return [Path(path) for path in named if path is not None]


class Reader(Protocol):
    """A kind of document. Readers hold no state.

    A reader runs in a child process that can open its document, the empty forms that are named, code and fonts,
    and only to read. It can write no file, use no network and start no process, only threads.
    """

    name: str
    """The word behind `reader:`."""

    options: frozenset[str]
    """The option keys that a definition may give it."""

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row]:
        """Yield a row per record; raise `rpa.errors.DocumentProblem` for a document that is none."""
        ...


def to_json(row: Row) -> dict[str, Any]:
    """Return *row* as JSON-ready data: what a child process hands back (never a pickle)."""
    cells = {name: {"text": cell.text, "source": vars(cell.source)} for name, cell in row.cells.items()}
    return {**vars(row), "cells": cells, "missing": dict(row.missing)}


def from_json(data: Mapping[str, Any]) -> Row:
    """Return the row that `to_json` wrote."""
    cells = {name: Cell(cell["text"], source_from(cell["source"])) for name, cell in data["cells"].items()}
    return Row(**{**data, "cells": cells})


def source_from(data: Mapping[str, Any]) -> Source:
    """Return the source whose fields are *data* (as `vars` gave them)."""
    box = tuple(data["box"]) if data["box"] is not None else None
    return Source(**{**data, "box": box})
