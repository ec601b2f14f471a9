"""What of the audit log people are told, about which bot, and in which words. Counts and names, never values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rpa.words import counted
from rpa.work import PERSON_ONLY


class Kind(StrEnum):
    """What people are told of."""

    PERSON = "person"
    DOCUMENT = "document"
    FAILED = "failed"
    MISSED = "missed"
    PAUSED = "paused"
    RESTORED = "restored"
    FEEDBACK = "feedback"
    LATE = "late"
    UNSIGNED = "unsigned"


_WORDS = {
    Kind.PERSON: ("record waits for a person", "records wait for a person", "rpa queue"),
    Kind.DOCUMENT: ("document can't be read", "documents can't be read", "rpa queue"),
    Kind.FAILED: ("start has failed", "starts have failed", "rpa schedule history"),
    Kind.MISSED: ("time was missed", "times were missed", "rpa schedule history"),
    Kind.PAUSED: ("time a system was paused: its work waits", "times a system was paused", "rpa systems"),
    Kind.RESTORED: (
        "time an older copy of the ledger was put back",
        "times an older copy was put back",
        "rpa queue",
    ),
    Kind.FEEDBACK: ("time staff say that something is wrong", "times staff say so", "the console's page Bots"),
    Kind.LATE: (
        "record will probably miss its deadline",
        "records will probably miss their deadlines",
        "rpa queue --forecast",
    ),
    Kind.UNSIGNED: (
        "checkpoint of the audit log is overdue",
        "checkpoints of the audit log are overdue",
        "rpa audit verify",
    ),
}
"""In the singular and the plural, and what shows more."""

_EVENTS = {
    "start.failed": Kind.FAILED,
    "schedule.missed": Kind.MISSED,
    "system.paused": Kind.PAUSED,
    "document.quarantined": Kind.DOCUMENT,
    "work_item.rejected": Kind.PERSON,
    "work_item.revision": Kind.PERSON,
    "change.asked": Kind.PERSON,
    "feedback.given": Kind.FEEDBACK,
    "ledger.restored": Kind.RESTORED,
    "deadline.at_risk": Kind.LATE,
    "checkpoint.unsigned": Kind.UNSIGNED,
    "checkpoint.unpublished": Kind.UNSIGNED,
}


@dataclass(frozen=True)
class Subject:
    """What a notice counts: a kind, of a bot or, where no bot is named, of a system."""

    kind: Kind
    bot: str | None = None
    system: str | None = None


def subject(entry: Mapping[str, Any]) -> Subject | None:
    """Return what an audit entry is to people; None for what they need not be told."""
    kind = _EVENTS.get(entry["event"])
    if entry["event"] == "transaction.moved" and entry.get("to") in PERSON_ONLY:
        kind = Kind.PERSON
    if kind is None:
        return None
    bot = entry.get("bot")
    return Subject(kind, bot, entry.get("system") if bot is None else None)


def words(found: Counter[Subject]) -> str:
    """Return what is told of everything that was counted, a line for each."""
    ordered = sorted(found, key=lambda one: (one.bot is None, one.bot or one.system or "", one.kind))
    return "\n".join(_line(one, found[one]) for one in ordered)


def _line(one: Subject, number: int) -> str:
    singular, plural, more = _WORDS[one.kind]
    about = one.bot or one.system
    return f"{f'{about}: ' if about else ''}{counted(number, singular, plural)}; see {more}"
