"""An audit entry: who did what to which record, when, and why. Names and hashes, never values.

An entry is turned into bytes once, and these bytes are stored, hashed and verified as they are; nobody ever writes
them again from data. `docs/audit-events.md` lists the events for auditors.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from rpa.work import Status

VERSION = 1
"""Of the entry's form; a verifier reads all versions."""


class Event(StrEnum):
    """What can be said in the log. A closed list: a new event is a change of the format."""

    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    DOCUMENT_READ = "document.read"
    DOCUMENT_DUPLICATE = "document.duplicate"
    DOCUMENT_QUARANTINED = "document.quarantined"
    WORK_ITEM_ADDED = "work_item.added"
    WORK_ITEM_KNOWN = "work_item.known"
    WORK_ITEM_REVISION = "work_item.revision"
    WORK_ITEM_REJECTED = "work_item.rejected"
    TRANSACTION_MOVED = "transaction.moved"
    TRANSACTION_NOTED = "transaction.noted"
    TRANSACTION_POSTPONED = "transaction.postponed"
    TRANSACTION_RESUMED = "transaction.resumed"
    TRANSACTION_ENTER_AGAIN = "transaction.enter_again"
    TRANSACTION_DUPLICATE = "transaction.duplicate"
    QUEUE_DECIDED = "queue.decided"
    SYSTEM_PAUSED = "system.paused"
    SYSTEM_RESUMED = "system.resumed"
    LEDGER_RESTORED = "ledger.restored"
    EGRESS_DENIED = "egress.denied"
    SECRET_USED = "secret.used"  # noqa: S105  # the name of an event


FACTS = frozenset({Event.EGRESS_DENIED, Event.SECRET_USED, Event.TRANSACTION_DUPLICATE})
"""Events that change nothing in the ledger and so may be written by themselves."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts. *name* is written into each entry: a later holder of the same id doesn't inherit the deeds."""

    kind: Literal["person", "bot", "schedule", "trigger"]
    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who writes an entry, and from where."""

    actor: Actor
    host: str
    pid: int


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What happened, and to what. *digest* is that of the bot's definition; *before* and *after* are statuses."""

    event: Event
    bot: str | None = None
    digest: str | None = None
    run: int | None = None
    reference: str | None = None
    work_item: int | None = None
    transaction: int | None = None
    entry: str | None = None
    system: str | None = None
    before: Status | None = None
    after: Status | None = None
    reason: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def encode(fact: Fact, author: Author, *, seq: int, at: datetime) -> bytes:
    """Return the entry's bytes: compact JSON with sorted keys, in ASCII, without whatever is not known.

    Raises TypeError for a float anywhere: one number must have one spelling.
    """
    said = {_KEYS.get(name, name): value for name, value in vars(fact).items() if value not in (None, {})}
    entry = {"v": VERSION, "seq": seq, "at": instant(at), "host": author.host, "pid": author.pid}
    entry |= {"actor": asdict(author.actor)} | said
    _refuse_floats(entry)
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode(body: bytes) -> dict[str, Any]:
    """Return what an entry's bytes say; raise ValueError where they aren't an entry's."""
    entry = json.loads(body)
    if not isinstance(entry, dict):
        raise ValueError("an entry is a JSON object")  # noqa: TRY004  # wrong data, not a wrong call
    return entry


def instant(at: datetime) -> str:
    """Return the time in UTC with microseconds, always equally long, so that text sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_KEYS = {"before": "from", "after": "to"}


def _refuse_floats(part: object) -> None:
    if isinstance(part, float):
        raise TypeError("an audit entry holds no floats: write the number as a text")
    if isinstance(part, Mapping):
        part = part.values()
    elif not isinstance(part, list | tuple):
        return
    for one in part:
        _refuse_floats(one)
