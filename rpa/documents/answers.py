"""What a child answers, believed only as far as it has the shape of an answer: a document may speak through it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar

from pydantic import ConfigDict, FailFast, Field, FiniteFloat, TypeAdapter, ValidationError, with_config

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.lists import Columns, Lines
from rpa.documents.technical import LONGEST_DETAIL
from rpa.documents.wire import LONGEST_LINE, LONGEST_MESSAGE, MOST_CELLS, MOST_ROWS
from rpa.errors import DefinitionError, DocumentProblem

_STRICT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

_MOST_COLUMNS = 1 << 14
"""As many as a sheet can have."""

_AT_ONCE = FailFast()
"""The first fault is enough: a list of all that are in one message takes 250 times its memory."""

_T = TypeVar("_T")
_Told = Annotated[Mapping[str, _T], _AT_ONCE]
_Number = Annotated[int, Field(ge=1, le=1 << 31)]
_Short = Annotated[str, Field(max_length=1_000)]
_Shorts = Annotated[tuple[_Short, ...], Field(max_length=20)]
_Kind = Literal[
    "empty",
    "not-a-pdf",
    "not-a-workbook",
    "not-a-list",
    "not-a-mail",
    "needs-password",
    "wrong-password",
    "damaged",
    "too-big",
    "takes-too-long",
    "no-text-needs-ocr",
    "xfa-only",
    "active-content",
    "signed",
    "unknown-form",
    "missing",
    "unexpected",
]


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Source:
    """A source without its document: which one was read is not the child's to say."""

    how: Annotated[str, Field(max_length=40)]
    page: _Number | None = None
    box: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat] | None = None
    sheet: _Short | None = None
    sheet_number: _Number | None = None
    cell: _Short | None = None
    field: _Short | None = None


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Cell:
    text: str
    source: _Source
    unsure: _Short | None = None
    agreed: _Shorts = ()
    warnings: _Shorts = ()


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Columns:
    """What the lines that follow have in common."""

    names: Annotated[tuple[_Short, ...], Field(min_length=1, max_length=_MOST_COLUMNS), _AT_ONCE]
    sources: Annotated[tuple[_Source, ...], Field(max_length=_MOST_COLUMNS), _AT_ONCE]
    place: _Short


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Lines:
    numbers: Annotated[tuple[_Number, ...], _AT_ONCE]
    texts: Annotated[tuple[Annotated[tuple[str | None, ...], _AT_ONCE], ...], _AT_ONCE]
    faults: Annotated[Mapping[_Number, _Told[str]], _AT_ONCE]


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Row:
    place: _Short
    sheet_number: _Number | None = None
    line: _Number | None = None
    edition: _Short | None = None
    cells: _Told[_Cell]
    missing: _Told[str] = field(default_factory=dict)
    errors: _Told[_Source] = field(default_factory=dict)
    notices: _Shorts = ()


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Refused:
    kind: _Kind | None
    message: Annotated[str, Field(max_length=LONGEST_MESSAGE)]
    detail: Annotated[str, Field(max_length=LONGEST_DETAIL, pattern=r"^[\w./:<> -]*$")]


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Message:
    """One of these."""

    columns: _Columns | None = None
    lines: _Lines | None = None
    row: _Row | None = None
    rows: Annotated[int, Field(ge=0, le=MOST_ROWS)] | None = None
    refused: _Refused | None = None


_MESSAGE: TypeAdapter[_Message] = TypeAdapter(_Message)


class Answer:
    """What a child answers of the document *sha256*, taken apart as it comes."""

    def __init__(self, sha256: str, wanted: Wanted) -> None:
        self.length = 0
        self._sha256, self._wanted = sha256, wanted
        self._rest = bytearray()
        self._columns: Columns | None = None
        self._rows: list[Row] = []
        self._cells = 0
        self._whole = False
        self._refusal: DocumentProblem | DefinitionError | None = None

    def hear(self, piece: bytes) -> None:
        """Take the next bytes; where the answer is refused already, only count them."""
        self.length += len(piece)
        if self._refusal is not None:
            return
        try:
            self._take(piece)
        except ValidationError as wrong:
            faults = ", ".join(sorted({fault["type"] for fault in wrong.errors(include_input=False)}))
            self._refusal = _improper(faults)  # its own words quote the document
        except (DocumentProblem, DefinitionError) as refusal:
            self._refusal = refusal

    def rows(self) -> list[Row]:
        """Return what was read; raise the `DocumentProblem` that the answer tells, if any.

        What is no proper answer is a `DocumentProblem` of the kind unexpected. A `DefinitionError` is believed
        only where the definition named a file of its own, the empty form: nothing else of it can be wrong there.
        """
        if self._refusal is not None:
            raise self._refusal
        if not self._whole or self._rest:
            raise _improper("no end")
        return self._rows

    def _take(self, piece: bytes) -> None:
        self._rest += piece
        while (end := self._rest.find(b"\n", 0, LONGEST_LINE)) >= 0:
            line = self._rest[:end]
            del self._rest[: end + 1]
            self._told(line)
        if len(self._rest) > LONGEST_LINE:
            raise _improper("a line that is too long")

    def _told(self, line: bytearray) -> None:
        message = _MESSAGE.validate_json(line)
        if self._whole or list(vars(message).values()).count(None) != len(vars(message)) - 1:
            raise _improper("not one message at a time")
        if message.refused is not None:
            raise _refusal(message.refused, self._wanted)
        if message.columns is not None:
            self._columns = self._shared(message.columns)
        if message.lines is not None:
            self._add(self._listed(message.lines), len(message.lines.numbers), sum(map(len, message.lines.texts)))
        if message.row is not None:
            self._add([self._row(message.row)], 1, len(message.row.cells) + len(message.row.errors))
        if message.rows is not None:
            if message.rows != len(self._rows):
                raise _improper("another number of rows than it tells")
            self._whole = True

    def _add(self, rows: Iterable[Row], count: int, cells: int) -> None:
        self._cells += cells
        if len(self._rows) + count > MOST_ROWS or self._cells > MOST_CELLS:
            raise _improper("too many values")
        self._rows.extend(rows)

    def _shared(self, told: _Columns) -> Columns:
        count = len(told.names)
        if len(set(told.names)) != count or len(told.sources) != count:
            raise _improper("columns that do not fit together")
        return Columns(told.names, list(map(self._source, told.sources)), told.place)

    def _listed(self, told: _Lines) -> Lines:
        names = self._columns.names if self._columns is not None else ()
        widths = set(map(len, told.texts))
        faulty = {name for faults in told.faults.values() for name in faults}
        if self._columns is None or widths != {len(names)} or len(told.numbers) != len(told.texts):
            raise _improper("lines of other columns")
        if not faulty <= set(names):
            raise _improper("faults of other columns")
        return Lines(columns=self._columns, **vars(told))

    def _row(self, told: _Row) -> Row:
        cells = {
            name: Cell(**{**vars(cell), "source": self._source(cell.source)}) for name, cell in told.cells.items()
        }
        errors = {name: self._source(source) for name, source in told.errors.items()}
        return Row(**{**vars(told), "cells": cells, "errors": errors})

    def _source(self, told: _Source) -> Source:
        return Source(document=self._sha256, **vars(told))


def _refusal(told: _Refused, wanted: Wanted) -> DocumentProblem | DefinitionError:
    if told.kind is not None:
        problem = DocumentProblem(told.kind, told.message)
        problem.add_note(told.detail)
        return problem
    return DefinitionError(told.message) if wanted.blanks else _improper("a mistake of nobody")


def _improper(detail: str) -> DocumentProblem:
    problem = DocumentProblem(
        "unexpected", "the reading process gave no proper answer; look at the file in its own program"
    )
    problem.add_note(f"answer: {detail}")
    return problem
