"""Records onto the ledger. The reference decides: a record is added once, and never overwritten by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.restored import unsure_since
from rpa.store.rows import now, receipt_data, work_item_of
from rpa.store.schema import dependencies, intake, transactions, work_items
from rpa.store.trail import append
from rpa.work import Receipt, Run, Status, WorkItem, commitment

SALT_BYTES = 32

ADD_ITEM = insert(work_items).returning(*work_items.c)
ADD_TRANSACTION = insert(transactions).returning(transactions.c.id)
SAME_REFERENCE = select(work_items).where(
    work_items.c.bot == bindparam("bot"), work_items.c.reference == bindparam("reference")
)

Outcome = Literal["added", "rejected", "known", "revision"]

EVENTS: Mapping[Outcome, Event] = {
    "added": Event.WORK_ITEM_ADDED,
    "rejected": Event.WORK_ITEM_REJECTED,
    "known": Event.WORK_ITEM_KNOWN,
    "revision": Event.WORK_ITEM_REVISION,
}


class NewEntry(NamedTuple):
    """One entry of the bot: its name, its system, and the entries of the same record that must come before.

    *looks_for* is a hash of what its search looks for, None where that is not known yet.
    """

    entry: str
    system: str
    depends: tuple[str, ...] = ()
    looks_for: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """A record as it comes from a document.

    *document* is the SHA-256 of the file and *place* where in it the record stood; *logged* is the place as the
    audit log may hold it, if it differs. *sources* say for each field
    where its value was read, with a commitment under *salt*, and go into the audit log: no values. *rejected* is
    the broken rule in words, for a record that must not reach any system. A smaller *priority* number goes first.
    """

    reference: str
    record: Mapping[str, Any] = field(repr=False)
    fingerprint: str
    entries: Sequence[NewEntry]
    sources: Mapping[str, Mapping[str, Any]]
    place: str
    document: str
    logged: str = ""
    salt: bytes = field(default_factory=lambda: token_bytes(SALT_BYTES), repr=False)
    priority: int = 100
    deadline: datetime | None = None
    rejected: str | None = None


@dataclass(frozen=True, kw_only=True)
class Added:
    """What came of a record, and the work item that has its reference.

    *outcome* is `added`, `rejected` (added, for a person to look at), `known` (the reference with the same
    content) or `revision` (the reference with other content: kept beside the item, for a person to look at).
    """

    outcome: Outcome
    work_item: WorkItem


@dataclass(frozen=True, kw_only=True)
class IntakeRow:
    """One record of one document, as a run found it. *record* and *fingerprint* are the new ones of a revision."""

    id: int
    run_id: int
    bot: str
    document: str
    place: str
    outcome: Outcome
    reference: str
    work_item_id: int
    reason: str | None
    record: Mapping[str, Any] | None = field(repr=False)
    fingerprint: str
    at: datetime


def add(books: Books, run: Run, new: NewItem) -> Added:
    """Put a record on the ledger; see `Store.add`."""
    with books.writing() as connection:
        at = now()
        found = _same_reference(connection, run, new)
        outcome = _outcome(found, new)
        work_item = found or _insert(connection, run, new, at)
        connection.execute(insert(intake), _row(run, new, work_item, outcome, at))
        append(connection, books.author, _fact(run, new, work_item, outcome), at)
    return Added(outcome=outcome, work_item=work_item)


def taken_in(books: Books, *, run_id: int | None, bot: str | None) -> list[IntakeRow]:
    """Return what was found in documents; see `Store.intake`."""
    rows = select(intake).order_by(intake.c.id)
    if run_id is not None:
        rows = rows.where(intake.c.run_id == run_id)
    if bot is not None:
        rows = rows.where(intake.c.bot == bot)
    with books.reading() as connection:
        return [IntakeRow(**row) for row in connection.execute(rows).mappings()]


def _same_reference(connection: Connection, run: Run, new: NewItem) -> WorkItem | None:
    row = connection.execute(SAME_REFERENCE, {"bot": run.bot, "reference": new.reference}).first()
    return None if row is None else work_item_of(row)


def _outcome(found: WorkItem | None, new: NewItem) -> Outcome:
    if found is None:
        return "added" if new.rejected is None else "rejected"
    return "known" if found.fingerprint == new.fingerprint else "revision"


def _insert(connection: Connection, run: Run, new: NewItem, at: datetime) -> WorkItem:
    values = {
        "bot": run.bot,
        "reference": new.reference,
        "record": dict(new.record),
        "fingerprint": new.fingerprint,
        "salt": new.salt,
        "priority": new.priority,
        "deadline": new.deadline,
        "run_id": run.id,
        "created": at,
    }
    row = connection.execute(ADD_ITEM, values).one()
    unsure = unsure_since(connection, run)
    ids = {entry.entry: _insert_entry(connection, row.id, entry, new, at, unsure) for entry in new.entries}
    links = [(ids[entry.entry], ids[name]) for entry in new.entries for name in entry.depends]
    if links:
        connection.execute(insert(dependencies), [{"transaction_id": a, "needs_id": b} for a, b in links])
    return work_item_of(row)


def _insert_entry(
    connection: Connection,
    work_item_id: int,
    entry: NewEntry,
    new: NewItem,
    at: datetime,
    unsure: str | None,
) -> int:
    values = {
        "work_item_id": work_item_id,
        "entry": entry.entry,
        "system": entry.system,
        "looks_for": entry.looks_for,
        "status": Status.NEW if new.rejected is None else Status.REJECTED,
        "attempt": 0,
        "reason": new.rejected,
        "receipt": receipt_data(Receipt()),
        "fence": 0,
        "changed": at,
        "unsure": unsure,
    }
    return int(connection.execute(ADD_TRANSACTION, values).scalar_one())


def _row(run: Run, new: NewItem, work_item: WorkItem, outcome: Outcome, at: datetime) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "bot": run.bot,
        "document": new.document,
        "place": new.place,
        "outcome": outcome,
        "reference": new.reference,
        "work_item_id": work_item.id,
        "reason": new.rejected,
        "record": dict(new.record) if outcome == "revision" else None,
        "fingerprint": new.fingerprint,
        "at": at,
    }


def _fact(run: Run, new: NewItem, work_item: WorkItem, outcome: Outcome) -> Fact:
    # Not the fingerprint itself: whoever knows the other fields could try every SSN against a plain hash.
    seal = commitment(new.salt, "fingerprint", new.fingerprint)
    data: dict[str, Any] = {"document": new.document, "place": new.logged or new.place, "fingerprint": seal}
    if outcome != "known":
        data["fields"] = new.sources
    return Fact(
        event=EVENTS[outcome],
        bot=run.bot,
        digest=run.digest,
        run=run.id,
        reference=new.reference,
        work_item=work_item.id,
        reason=new.rejected,
        data=data,
    )
