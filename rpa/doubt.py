"""Why a field was not read: a doubt is told as such, and never passes for a blank or for a value."""

from dataclasses import dataclass, field
from enum import StrEnum

from rpa.documents.base import Row, Source


class State(StrEnum):
    """What became of a field that a document was asked for."""

    READ = "read"
    BLANK = "blank"
    """Its place was found and nothing stands there."""
    UNSURE = "unsure"
    """Something stands there, and its readings differ or can't be trusted: a person has to look."""
    ERROR = "error"
    """Something stands there that is no value of its type, or an error of the workbook such as #N/A."""
    MISSING = "missing"
    """Its place was not found: nobody knows whether anything stands there."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """One field that can't be taken as read: how it stands, where, what was seen there, and *reason* in words."""

    state: State
    reason: str
    raw: str = field(default="", repr=False)
    source: Source | None = None
    warnings: tuple[str, ...] = ()


def doubt_of(row: Row, name: str, reason: str) -> Doubt:
    """Return the doubt about the field *name* of *row*, for which *reason* was given."""
    cell = row.cells.get(name)
    if cell is None:
        state = State.ERROR if name in row.errors else State.MISSING
        return Doubt(state=state, reason=reason, source=row.errors.get(name))
    state = State.UNSURE if cell.unsure else State.ERROR if cell.text.strip() else State.BLANK
    return Doubt(state=state, reason=reason, raw=cell.text, source=cell.source, warnings=cell.warnings)
