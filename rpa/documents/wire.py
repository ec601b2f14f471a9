"""What goes between a program and the processes that read for it: lines of JSON, never a pickle."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rpa.documents.base import Document, Edition, Place, Row, Wanted, to_json
from rpa.documents.technical import technical
from rpa.errors import DefinitionError, DocumentProblem

LONGEST_LINE = 4 << 20
MOST_ROWS = 400_000
MOST_CELLS = 1_000_000
"""More do not fit into the longest answer unless they are made to fill the memory of the program that asked."""

LONGEST_MESSAGE = 4_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one document may cost: bytes of memory, seconds of processor and by the clock, bytes of answer.

    The defaults were measured on 4,500 real and hostile files: no real one came near them.
    """

    memory: int = 1 << 30
    processor: int = 20
    clock: float = 60.0
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
        ),
        limits=Limits(**data["limits"]),
    )


def _places(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Place]:
    return {name: _place(place) for name, place in data.items()}


def _place(data: Mapping[str, Any]) -> Place:
    return Place(**{**data, "choose": _places(data["choose"]), "others": tuple(map(_place, data["others"]))})


def _edition(data: Mapping[str, Any]) -> Edition:
    return Edition(**{**data, "places": _places(data["places"])})


def answer_with(rows: Sequence[Row]) -> bytes:
    """Return the bytes that hand back what was read: a line that tells how many rows follow, and a line for each.

    What is not known of a source, and the document that is the same for all, are left out: two bytes of three.
    Raises `DocumentProblem` where it is more than an answer may hold.
    """
    cells = sum(len(row.cells) for row in rows)
    lines = [_line({"rows": len(rows)}), *map(_row, rows)]
    if len(rows) > MOST_ROWS or cells > MOST_CELLS or max(map(len, lines)) > LONGEST_LINE:
        raise DocumentProblem(
            "too-big", f"it holds {len(rows)} rows and {cells} values, or one that is huge; split it"
        )
    return b"".join(lines)


def _row(row: Row) -> bytes:
    told = {key: value for key, value in to_json(row).items() if value is not None}
    for cell in told["cells"].values():
        cell["source"] = {key: at for key, at in cell["source"].items() if at is not None and key != "document"}
    return _line(told)


def _line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def answer_refusing(error: DocumentProblem | DefinitionError) -> bytes:
    """Return the bytes that say why nothing was read."""
    kind = error.kind if isinstance(error, DocumentProblem) else None
    return _line({"kind": kind, "message": str(error)[:LONGEST_MESSAGE], "detail": technical(error)})
