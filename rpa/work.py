"""The nouns of the ledger: what waits, what is under way, how it ended. Frozen, no I/O."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from rpa.urgency import ORDINARY


class Status(StrEnum):
    """Where a transaction stands. The legal moves are `MOVES`."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    SUBMITTING = "submitting"
    CONFIRMED = "confirmed"
    ALREADY_ENTERED = "already_entered"
    REJECTED = "rejected"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    ABANDONED = "abandoned"


MOVES: Mapping[Status, frozenset[Status]] = {
    # Abandoned by a person only: what waits for an entry that will never be made.
    Status.NEW: frozenset({Status.IN_PROGRESS, Status.ABANDONED}),
    Status.IN_PROGRESS: frozenset(
        {
            Status.SUBMITTING,
            Status.ALREADY_ENTERED,
            Status.REJECTED,
            Status.NEW,
            Status.FAILED,
        }
    ),
    # What was promised is settled, never pressed again. To NEW only as `Store.enter_again` allows it, once.
    Status.SUBMITTING: frozenset({Status.CONFIRMED, Status.IN_DOUBT, Status.REJECTED, Status.NEW}),
    Status.IN_DOUBT: frozenset({Status.NEW, Status.ABANDONED, Status.CONFIRMED}),
    Status.REJECTED: frozenset({Status.NEW, Status.ABANDONED}),
    Status.FAILED: frozenset({Status.NEW, Status.ABANDONED}),
    Status.CONFIRMED: frozenset(),
    Status.ALREADY_ENTERED: frozenset(),
    Status.ABANDONED: frozenset(),
}

PERSON_ONLY = frozenset({Status.IN_DOUBT, Status.REJECTED, Status.FAILED})
"""Only a person, with a reason, moves a transaction out of these."""

ENTERED = frozenset({Status.CONFIRMED, Status.ALREADY_ENTERED})
"""The system holds the record; what depends on its receipt may go on."""

ENDED = frozenset(set(Status) - {Status.NEW, Status.IN_PROGRESS, Status.SUBMITTING})
"""No worker has anything left to do."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the system showed back.

    *kept* are the values named by `keep`; *verdicts* say per screen field whether the value read back agrees
    (`same`) with what was meant; *evidence* are SHA-256 names of masked pictures and downloads; *refusal* is what
    the system said after the press in the places where it says no.
    """

    kept: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """One execution of a bot. *digest* is the SHA-256 of the bot and its maps, *by* who began it.

    *addresses* is the SHA-256 of where its systems were to be reached, None for a run of before that was kept.
    *stopped* tells that it was told to stop: nothing more of the bot is begun before its next run.
    """

    id: int
    bot: str
    digest: str
    by: str
    started: datetime
    finished: datetime | None = None
    addresses: str | None = None
    stopped: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One record waiting for its bot; unique by (bot, reference).

    *record* is the record as `records.Record.to_json` wrote it, *fingerprint* a keyed hash of its typed values;
    *erased* is when its content was erased, *revision* counts from 1 how often its content was put in the place of
    another.
    A smaller *priority* number goes first: `rpa.urgency`.
    """

    id: int
    bot: str
    reference: str
    record: Mapping[str, Any] = field(repr=False)
    fingerprint: str
    priority: int = ORDINARY
    deadline: datetime | None = None
    postponed_until: datetime | None = None
    run_id: int
    created: datetime
    erased: datetime | None = None
    revision: int = 1


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """One work item in one system: the unit of exactly-once.

    *entry* names the bot's entry (the system's name unless the bot says `as:`), *attempt* counts from 1 once
    begun, *not_before* is the earliest time at which a worker may take it, *promised* when `submitting` began.
    *uptime* is the last moment, by the machine's running time, at which the press may have been made,
    *entered_again* how often the ledger let it be entered again by itself, *deaths* how many workers died over
    it, *unsure* since when (by uptime) a restored ledger may have forgotten a press of it.
    *owner* and *fence* are set while a worker holds it; a worker whose fence is not the row's may not move it.
    """

    id: int
    work_item_id: int
    entry: str
    system: str
    status: Status
    attempt: int = 0
    not_before: datetime | None = None
    promised: datetime | None = None
    uptime: str | None = None
    entered_again: int = 0
    deaths: int = 0
    unsure: str | None = None
    reason: str | None = None
    receipt: Receipt = field(default_factory=Receipt)
    owner: str | None = None
    fence: int = 0
    changed: datetime


def commitment(salt: bytes, name: str, text: str) -> str:
    """Return a commitment to a field's value: HMAC-SHA256 under the work item's random *salt*.

    A plain hash would not do: every SSN can be tried in minutes. Erasing the salt makes it say nothing at all.
    """
    return hmac.new(salt, f"{name}={text}".encode(), "sha256").hexdigest()
