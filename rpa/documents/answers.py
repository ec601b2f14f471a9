"""What a child answers, believed only as far as it has the shape of an answer: a document may speak through it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError, with_config

from rpa.documents.base import Cell, Row, Source, Wanted
from rpa.documents.columns import Columns, LineCells
from rpa.documents.technical import LONGEST_DETAIL
from rpa.documents.wire import LONGEST_LINE, LONGEST_MESSAGE, MOST_CELLS, MOST_ROWS
from rpa.errors import DefinitionError, DocumentProblem

_STRICT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

_MOST_COLUMNS = 1 << 14
"""As many as a sheet can have."""

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
    """What the cells of all rows of a list have in common."""

    names: Annotated[tuple[_Short, ...], Field(max_length=_MOST_COLUMNS)]
    sources: Annotated[tuple[_Source, ...], Field(max_length=_MOST_COLUMNS)]
    letters: Annotated[tuple[_Short, ...], Field(max_length=_MOST_COLUMNS)]


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Row:
    place: _Short
    sheet_number: _Number | None = None
    line: _Number | None = None
    edition: _Short | None = None
    cells: Mapping[str, _Cell] | tuple[str | None, ...]
    missing: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, _Source] = field(default_factory=dict)
    notices: _Shorts = ()


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Read:
    rows: Annotated[int, Field(ge=0, le=MOST_ROWS)]
    columns: _Columns | None = None


@with_config(_STRICT)
@dataclass(frozen=True, kw_only=True)
class _Refused:
    kind: _Kind | None
    message: Annotated[str, Field(max_length=LONGEST_MESSAGE)]
    detail: Annotated[str, Field(max_length=LONGEST_DETAIL, pattern=r"^[\w./:<> -]*$")]


_FIRST: TypeAdapter[_Read | _Refused] = TypeAdapter(_Read | _Refused)
_ROW: TypeAdapter[_Row] = TypeAdapter(_Row)


def rows_from(answer: bytes, sha256: str, wanted: Wanted) -> list[Row]:
    """Return what was read of the document *sha256*; raise the `DocumentProblem` that the answer tells, if any.

    What is no proper answer is a `DocumentProblem` of the kind unexpected. A `DefinitionError` is believed only
    where the definition named a file of its own, the empty form: nothing else of it can be wrong there.
    """
    try:
        return list(_rows(answer, sha256, wanted))
    except ValidationError as wrong:
        faults = ", ".join(sorted({fault["type"] for fault in wrong.errors(include_input=False)}))
        raise _improper(faults) from None  # its words quote the document


def _rows(answer: bytes, sha256: str, wanted: Wanted) -> Iterator[Row]:
    lines = BytesIO(answer)
    first = _FIRST.validate_json(lines.readline(LONGEST_LINE))
    if isinstance(first, _Refused):
        raise _refusal(first, wanted)
    columns = _shared(first.columns, sha256)
    cells = 0
    for _ in range(first.rows):
        told = _ROW.validate_json(lines.readline(LONGEST_LINE))
        cells += len(told.cells) + len(told.errors)
        if cells > MOST_CELLS:
            raise _improper("too many values")
        yield _row(told, sha256, columns)
    if lines.read(1):
        raise _improper("more rows than it tells")


def _shared(told: _Columns | None, sha256: str) -> Columns | None:
    if told is None:
        return None
    count = len(told.names)
    if len(set(told.names)) != count or len(told.sources) != count or len(told.letters) not in {0, count}:
        raise _improper("columns that do not fit together")
    return Columns(told.names, [Source(document=sha256, **vars(one)) for one in told.sources], told.letters)


def _cells(told: _Row, sha256: str, columns: Columns | None) -> Mapping[str, Cell]:
    if not isinstance(told.cells, tuple):
        return {
            name: Cell(**{**vars(cell), "source": Source(document=sha256, **vars(cell.source))})
            for name, cell in told.cells.items()
        }
    if columns is None or len(told.cells) != len(columns.names):
        raise _improper("a row of other columns")
    return LineCells(columns, told.cells, told.place, told.line or 1)


def _row(told: _Row, sha256: str, columns: Columns | None) -> Row:
    cells = _cells(told, sha256, columns)
    errors = {name: Source(document=sha256, **vars(source)) for name, source in told.errors.items()}
    return Row(**{**vars(told), "cells": cells, "errors": errors})


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
