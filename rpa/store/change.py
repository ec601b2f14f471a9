"""What a person changes of a work item: corrected fields, or just that it is sent again. Frozen, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rpa.audit.entry import Actor
from rpa.store.content import WAITS
from rpa.urgency import USUAL, Urgency


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a correction: its texts before and after, and by which rule *raw* became the one after.

    *source* is where the value stands now, as the log may hold it.
    """

    before: str = field(repr=False)
    after: str = field(repr=False)
    raw: str = field(repr=False)
    rule: str
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A record as a person has corrected it.

    *looks_for* says by entry what its search looks for then, hashed; *subject* whom the record is about then.
    """

    record: Mapping[str, Any] = field(repr=False)
    fingerprint: str
    subject: str = field(repr=False)
    fields: Mapping[str, FieldChange]
    looks_for: Mapping[str, str | None]
    urgency: Urgency = USUAL


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who changes something, why, upon which *revision* of the work item, and whether a *second* one decides."""

    person: Actor
    reason: str
    revision: int
    second: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a work item. *fields* are the names of what was corrected: none where it is only sent again.

    *before* and *after* are the records; None once they were erased, and where none was corrected.
    """

    id: int
    work_item_id: int
    transaction_id: int | None
    state: str
    revision: int
    fields: Sequence[str]
    reason: str
    asked_by: Actor
    asked: datetime
    decided_by: Actor | None
    decided: datetime | None
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)

    @property
    def waits(self) -> bool:
        """Whether a second person has to decide."""
        return self.state == WAITS
