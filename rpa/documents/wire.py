"""What goes between a program and the processes that read for it: JSON, never a pickle."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rpa.documents.base import Document, Place, Row, Wanted, from_json, to_json
from rpa.errors import DefinitionError, DocumentProblem


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

    *signal* is the one that ended it, *peak* its largest memory in bytes; *late* means that its time was up,
    *wordy* that its answer was too long.
    """

    signal: int
    peak: int
    late: bool
    wordy: bool


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
        wanted=Wanted(places=_places(wanted["places"]), options=wanted["options"]),
        limits=Limits(**data["limits"]),
    )


def _places(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Place]:
    return {name: Place(**{**place, "choose": _places(place["choose"])}) for name, place in data.items()}


def answer_with(rows: Sequence[Row]) -> bytes:
    """Return the bytes that hand back what was read.

    What is not known of a source, and the document that is the same for all, are left out: two bytes of three.
    """
    told = [to_json(row) for row in rows]
    for row in told:
        for cell in row["cells"].values():
            cell["source"] = {
                key: at for key, at in cell["source"].items() if at is not None and key != "document"
            }
    return json.dumps({"rows": told}, ensure_ascii=False).encode()


def answer_refusing(error: DocumentProblem | DefinitionError) -> bytes:
    """Return the bytes that say why nothing was read."""
    kind = error.kind if isinstance(error, DocumentProblem) else None
    return json.dumps({"kind": kind, "message": str(error)}).encode()


def rows_from(answer: bytes, sha256: str) -> list[Row]:
    """Return what was read of the document *sha256*; raise the error that the answer tells, if it tells one."""
    data = json.loads(answer)
    if "rows" in data:
        return [_row(row, sha256) for row in data["rows"]]
    if data["kind"] is None:
        raise DefinitionError(data["message"])
    raise DocumentProblem(data["kind"], data["message"])


def _row(data: dict[str, Any], sha256: str) -> Row:
    for cell in data["cells"].values():
        cell["source"] = {"document": sha256, "box": None, **cell["source"]}
    return from_json(data)
