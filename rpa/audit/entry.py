"""An audit entry: who did what to which record, when, and why. Names and hashes, never values.

An entry is turned into bytes once, and these bytes are stored, hashed and verified as they are; nobody ever writes
them again from data. `docs/audit-events.md` lists the events for auditors.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, get_args

from rpa.work import Status

VERSION = 2
"""Of the entry's form; a verifier reads all versions. 2 has `clock`, `on_behalf_of` and an actor's `role`."""


class Event(StrEnum):
    """What can be said in the log. A closed list: a new event is a change of the format."""

    BOT_APPROVED = "bot.approved"
    BOT_OVERRIDDEN = "bot.overridden"
    BOT_REFUSED = "bot.refused"
    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    BOT_CHANGED = "bot.changed"
    DOCUMENT_RECEIVED = "document.received"
    DOCUMENT_READ = "document.read"
    DOCUMENT_DUPLICATE = "document.duplicate"
    DOCUMENT_QUARANTINED = "document.quarantined"
    WORK_ITEM_ADDED = "work_item.added"
    WORK_ITEM_KNOWN = "work_item.known"
    WORK_ITEM_REVISION = "work_item.revision"
    WORK_ITEM_REJECTED = "work_item.rejected"
    WORK_ITEM_CORRECTED = "work_item.corrected"
    LOG_PRUNED = "log.pruned"
    WORK_ITEM_ERASED = "work_item.erased"
    DOCUMENT_ERASED = "document.erased"
    TRANSACTION_MOVED = "transaction.moved"
    TRANSACTION_NOTED = "transaction.noted"
    TRANSACTION_POSTPONED = "transaction.postponed"
    TRANSACTION_RESUMED = "transaction.resumed"
    TRANSACTION_ENTER_AGAIN = "transaction.enter_again"
    TRANSACTION_DUPLICATE = "transaction.duplicate"
    QUEUE_DECIDED = "queue.decided"
    CHANGE_ASKED = "change.asked"
    CHANGE_APPROVED = "change.approved"
    CHANGE_REFUSED = "change.refused"
    FEEDBACK_GIVEN = "feedback.given"
    DEADLINE_AT_RISK = "deadline.at_risk"
    SCHEDULE_FIRED = "schedule.fired"
    SCHEDULE_MISSED = "schedule.missed"
    SCHEDULE_SKIPPED = "schedule.skipped"
    SCHEDULE_PAUSED = "schedule.paused"
    SCHEDULE_RESUMED = "schedule.resumed"
    START_FAILED = "start.failed"
    START_REPLACED = "start.replaced"
    TRIGGER_FIRED = "trigger.fired"
    MAIL_ANSWERED = "mail.answered"
    MAIL_UNANSWERED = "mail.unanswered"
    SYSTEM_PAUSED = "system.paused"
    SYSTEM_RESUMED = "system.resumed"
    LEDGER_RESTORED = "ledger.restored"
    LEDGER_MOVED = "ledger.moved"
    EGRESS_DENIED = "egress.denied"
    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    USER_SIGNED_IN = "user.signed_in"
    USER_SIGNED_OUT = "user.signed_out"
    USER_REFUSED = "user.refused"
    SECRET_USED = "secret.used"  # noqa: S105  # the name of an event
    DATA_VIEWED = "data.viewed"
    DATA_EXPORTED = "data.exported"
    SETTINGS_CHANGED = "settings.changed"
    KEY_CHANGED = "key.changed"
    CHECKPOINT_IDLE = "checkpoint.idle"
    CHECKPOINT_UNSIGNED = "checkpoint.unsigned"
    CHECKPOINT_UNPUBLISHED = "checkpoint.unpublished"


FACTS = frozenset(
    {
        Event.BOT_APPROVED,
        Event.BOT_OVERRIDDEN,
        Event.BOT_REFUSED,
        Event.EGRESS_DENIED,
        Event.SECRET_USED,
        Event.TRANSACTION_DUPLICATE,
        Event.DATA_VIEWED,
        Event.DATA_EXPORTED,
        Event.MAIL_ANSWERED,
        Event.MAIL_UNANSWERED,
    }
)
"""Events that change nothing in the ledger and so may be written by themselves."""


Kind = Literal["person", "bot", "schedule", "trigger"]
"""What can act."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts. *name* and *role* are written into each entry as they are then.

    A later holder of the same id doesn't inherit the deeds, and a later role doesn't excuse them.
    """

    kind: Kind
    id: str
    name: str
    role: str | None = None

    @classmethod
    def called(cls, by: str) -> "Actor":
        """Return who `kind:id` means, as a run's `by` says it; a text without a known kind is a person's id."""
        kind, colon, id_ = by.partition(":")
        known: Kind | None = next((one for one in get_args(Kind) if one == kind), None) if colon else None
        return cls(kind="person", id=by, name=by) if known is None else cls(kind=known, id=id_, name=id_)

    def said(self) -> dict[str, str]:
        """Return the actor as an entry says it."""
        told = {"kind": self.kind, "id": self.id, "name": self.name}
        return told if self.role is None else {**told, "role": self.role}


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who writes an entry, on whose behalf, and from where."""

    actor: Actor
    host: str
    pid: int
    on_behalf_of: Actor | None = None

    @cached_property
    def said(self) -> dict[str, Any]:
        """What every entry of this author says of it."""
        told = {"actor": self.actor.said(), "host": self.host, "pid": self.pid}
        return told if self.on_behalf_of is None else {**told, "on_behalf_of": self.on_behalf_of.said()}


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


def encode(fact: Fact, author: Author, *, seq: int, at: datetime, clock: Mapping[str, str | int]) -> bytes:
    """Return the entry's bytes: compact JSON with sorted keys, in ASCII, without whatever is not known.

    *clock* is what the clock said of itself, see `rpa.audit.clock`.

    Raises TypeError for a float anywhere: one number must have one spelling.
    """
    said = {_KEYS.get(name, name): value for name, value in vars(fact).items() if value not in (None, {})}
    entry = {"v": VERSION, "seq": seq, "at": instant(at), "clock": clock, **author.said, **said}
    _refuse_floats(entry)
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode(body: bytes) -> dict[str, Any]:
    """Return what an entry's bytes say; raise ValueError where they aren't an entry's."""
    entry = _READER.decode(body.decode("ascii"))
    if not isinstance(entry, dict):
        raise ValueError("an entry is a JSON object")  # noqa: TRY004  # wrong data, not a wrong call
    return entry


def instant(at: datetime) -> str:
    """Return the time in UTC with microseconds, always equally long, so that text sorts as time does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_READER = json.JSONDecoder()
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
