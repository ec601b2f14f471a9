"""The contract of a reader: a document goes in, rows of cells come out, each with the place it stood."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    def at(self, cell: str) -> "Source":
        """Return this place at another *cell*; a long list has a million, and `replace` is ten times as slow."""
        made = object.__new__(Source)
        vars(made).update(vars(self), cell=cell)
        return made

    @property
    def logged(self) -> str:
        """The place without words of the document: a sheet by its number, for its name may be a person's."""
        return str(self) if self.sheet is None else f"{_numbered(self.sheet_number)}!{self.cell}"


def _numbered(sheet: int | None) -> str:
    return "sheet" if sheet is None else f"sheet {sheet}"


@dataclass(frozen=True)
class Cell:
    """One text as it is shown in the document, and where.

    *unsure* tells a clerk why the text is a guess that nobody may enter unseen. *agreed* names the readings that
    gave the same text, where there were several. *warnings* is what a person should know though the text stands.
    """

    text: str
    source: Source
    unsure: str | None = None
    agreed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was found for one record.

    *place* names the row for people (`page 1`, `Members!7`); *sheet_number* and *line* say the same in numbers.
    *missing* tells for each wanted name that was not found what was looked for and what to do; *errors* where the
    cell is of those that were found and hold an error, such as #N/A, instead of a value. *edition* is
    the one that the document was recognised as, where its form has editions. *notices* begin with a word for
    people, as `signed: ...`: what was seen of the whole document and does not keep it from being read.
    """

    place: str
    cells: Mapping[str, Cell]
    missing: Mapping[str, str] = field(default_factory=dict)
    edition: str | None = None
    sheet_number: int | None = None
    line: int | None = None
    notices: tuple[str, ...] = ()
    errors: Mapping[str, Source] = field(default_factory=dict)

    def on(self, place: str, cells: Mapping[str, Cell], line: int) -> "Row":
        """Return a row like this one for another line of a list, as quick as `Source.at`."""
        made = object.__new__(Row)
        vars(made).update(vars(self), place=place, cells=cells, line=line)
        return made

    @property
    def logged(self) -> str:
        """The place without words of the document: `sheet 2!7`, `sheet 2`, `page 1`."""
        if self.sheet_number is None:
            return self.place
        return _numbered(self.sheet_number) + (f"!{self.line}" if self.line else "")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one wanted value stands on a document; the ways given are tried in the order of these fields.

    *fields* are AcroForm names by suffix or glob; several are joined in order (comb boxes). *header* is a field of
    a mail's header. *cell* is an Excel
    address, *name* a name that the workbook defines for a cell. *label* is what a person reads beside, above or at
    the head of the value; *where* the direction from the label to the value (`right`, `below`, `left`, `above`,
    `auto`), *until* a text that ends it. *under* is a text above the label, *nth* which of several labels is
    meant, *between* the texts above and below all of it.
    *line* is a regular expression that cuts the value out of one line of the text.
    *choose* maps what the value becomes to the place of its tick. *others* are further ways, each tried where all
    before it lead nowhere.
    """

    fields: Sequence[str] = ()
    header: str | None = None
    cell: str | None = None
    name: str | None = None
    label: str | None = None
    where: str = "auto"
    until: str | None = None
    under: str | None = None
    nth: int | None = None
    between: Sequence[str] = ()
    line: str | None = None
    choose: Mapping[str, "Place"] = field(default_factory=dict)
    others: Sequence["Place"] = ()

    def parts(self) -> Iterator["Place"]:
        """Yield this place and every one inside of it."""
        yield self
        for inner in (*self.choose.values(), *self.others):
            yield from inner.parts()


@dataclass(frozen=True, kw_only=True)
class TablePlace:
    """A table on a form of which every line is a record, and its values' places: their labels are headings.

    It is on *sheet* if that is given, below the text *under*, in the lines *between* two texts. A line on which
    the value *row_if* is blank is none, and one that begins with *until* in any column ends the table.
    """

    places: Mapping[str, Place]
    sheet: str | None = None
    between: Sequence[str] = ()
    under: str | None = None
    row_if: str | None = None
    until: str | None = None


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of a form: what it is known by, and where its values stand; those of *table* once a line.

    *texts* are printed on it, *sheets* are in the workbook, *fields* are AcroForm names that a copy which can be
    typed into has; *no_texts* are printed on others and not on it. *blank* is the path of its empty form.
    """

    places: Mapping[str, Place]
    texts: Sequence[str] = ()
    no_texts: Sequence[str] = ()
    fields: Sequence[str] = ()
    sheets: Sequence[str] = ()
    blank: str | None = None
    table: TablePlace | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader is asked for: the places by name, and the reader's own options (`sheet`, `table`, ...).

    Where there are *editions*, the document is first recognised as one of them, and that one says the places.
    """

    places: Mapping[str, Place]
    options: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)
    table: TablePlace | None = None

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

    def read(self, path: Path, sha256: str, wanted: Wanted) -> Iterator[Row | Iterable[Row]]:
        """Yield a row per record, or many at once; raise `rpa.errors.DocumentProblem` for what is none."""
        ...


def rows_of(found: Iterable[Row | Iterable[Row]]) -> Iterator[Row]:
    """Yield every row that a reader has found."""
    for one in found:
        if isinstance(one, Row):
            yield one
        else:
            yield from one


def source_from(data: Mapping[str, Any]) -> Source:
    """Return the source whose fields are *data* (as `vars` gave them)."""
    box = tuple(data["box"]) if data["box"] is not None else None
    return Source(**{**data, "box": box})
