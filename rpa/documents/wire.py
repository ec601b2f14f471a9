"""What goes between a program and the processes that read for it: lines of JSON, never a pickle."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rpa.documents.base import Document, Edition, Place, Row, TablePlace, Wanted, rows_of
from rpa.documents.lists import Columns, Lines
from rpa.documents.technical import technical
from rpa.errors import DefinitionError, DocumentProblem

LONGEST_LINE = 4 << 20
PIECE = 2 << 20
"""Letters of base64 in one row, where bytes are handed back: a line of an answer holds no more than twice this."""

MOST_ROWS = 400_000
MOST_CELLS = 1_000_000
"""More do not fit into the longest answer unless they are made to fill the memory of the program that asked."""

LONGEST_MESSAGE = 4_000

_JSON = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: `json.dumps` makes another one for each of 100,000 lines."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one document may cost: bytes of memory, seconds of processor and by the clock, bytes of answer.

    The defaults were measured on 4,500 real and hostile files: no real one came near them. A scanned page takes
    some 7 seconds of processor.
    """

    memory: int = 1 << 30
    processor: int = 30
    clock: float = 120.0
    answer: int = 64 << 20


@dataclass(frozen=True, kw_only=True)
class Request:
    """One document to read."""

    reader: str
    path: Path
    sha256: str
    wanted: Wanted
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class End:
    """How the process that read one document ended.

    *finished* means that it ended by itself and in order; else its answer is not whole. *signal* is the one that
    ended it, *peak* its largest memory in bytes; *late* means that its time was up.
    """

    finished: bool
    signal: int
    peak: int
    late: bool


def request_for(reader: str, document: Document, wanted: Wanted, limits: Limits) -> bytes:
    """Return the bytes that ask for *document*."""
    told = {"reader": reader, "path": str(document.path), "sha256": document.sha256}
    return json.dumps({**told, "wanted": asdict(wanted), "limits": asdict(limits)}).encode()


def request_from(told: bytes) -> Request:
    """Return the request that `request_for` wrote."""
    data = json.loads(told)
    wanted = data["wanted"]
    return Request(
        reader=data["reader"],
        path=Path(data["path"]),
        sha256=data["sha256"],
        wanted=Wanted(
            places=_places(wanted["places"]),
            options=wanted["options"],
            editions={name: _edition(edition) for name, edition in wanted["editions"].items()},
            table=_table(wanted["table"]),
        ),
        limits=Limits(**data["limits"]),
    )


def _places(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Place]:
    return {name: _place(place) for name, place in data.items()}


def _place(data: Mapping[str, Any]) -> Place:
    return Place(**{**data, "choose": _places(data["choose"]), "others": tuple(map(_place, data["others"]))})


def _edition(data: Mapping[str, Any]) -> Edition:
    return Edition(**{**data, "places": _places(data["places"]), "table": _table(data["table"])})


def _table(data: Mapping[str, Any] | None) -> TablePlace | None:
    return None if data is None else TablePlace(**{**data, "places": _places(data["places"])})


def answer_with(found: Iterable[Row | Iterable[Row]]) -> Iterator[bytes]:
    """Yield the bytes that hand back what a reader finds, while it does: messages of one line each.

    These are `row`; or `columns`, once for a list, and `lines`, many of it at a time; and at the end `rows`, how
    many there were. What is not known of a cell and its source, and the document that is the same for all, are
    left out.
    Raises `DocumentProblem` where it is more than an answer may hold.
    """
    rows = cells = 0
    columns: Columns | None = None
    for one in found:
        if isinstance(one, Lines):
            if one.columns is not columns:
                columns = one.columns
                yield _line("columns", _columns(columns))
            rows, cells = rows + len(one.numbers), cells + sum(map(len, one.texts))
            _refuse_more(rows, cells)
            yield from _lines(one)
            continue
        for row in rows_of([one]):
            rows, cells = rows + 1, cells + len(row.cells) + len(row.errors)
            _refuse_more(rows, cells)
            yield _short(_line("row", _row(row)))
    yield _line("rows", rows)


def _refuse_more(rows: int, cells: int) -> None:
    if rows > MOST_ROWS or cells > MOST_CELLS:
        raise DocumentProblem("too-big", f"it holds more than {MOST_ROWS} rows or {MOST_CELLS} values; split it")


def _short(line: bytes) -> bytes:
    if len(line) > LONGEST_LINE:
        raise DocumentProblem("too-big", f"a row of it holds more than {LONGEST_LINE >> 20} MB; shorten it")
    return line


def _lines(lines: Lines) -> Iterator[bytes]:
    told = _line("lines", {"numbers": lines.numbers, "texts": lines.texts, "faults": lines.faults})
    if len(told) > LONGEST_LINE and len(lines.numbers) > 1:
        for half in lines.halves():
            yield from _lines(half)
    else:
        yield _short(told)


def _columns(columns: Columns) -> Mapping[str, Any]:
    sources = [_source(vars(source)) for source in columns.sources]
    return {"names": columns.names, "sources": sources, "place": columns.place}


def _row(row: Row) -> Mapping[str, Any]:
    return {
        **_known(vars(row)),
        "cells": {name: _cell(vars(cell)) for name, cell in row.cells.items()},
        "missing": dict(row.missing),
        "errors": {name: _source(vars(source)) for name, source in row.errors.items()},
    }


def _cell(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**_known(told), "source": _source(vars(told["source"]))}


def _source(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: at for key, at in _known(told).items() if key != "document"}


def _known(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None and value != ()}


def _line(word: str, told: object) -> bytes:
    return _JSON({word: told}).encode() + b"\n"


def answer_refusing(error: DocumentProblem | DefinitionError) -> bytes:
    """Return the bytes that say why nothing was read."""
    kind = error.kind if isinstance(error, DocumentProblem) else None
    told = {"kind": kind, "message": str(error)[:LONGEST_MESSAGE], "detail": technical(error)}
    return _line("refused", told)
