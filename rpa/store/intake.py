"""Records onto the ledger. The reference decides: a record is added once, and never overwritten by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_bytes
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.restored import unsure_since
from rpa.store.rows import now, receipt_data, with_record, work_item_of
from rpa.store.schema import changes, dependencies, intake, subjects, transactions, work_items
from rpa.store.sealing import Sealer
from rpa.store.subjects import ITEMS, SALT, born_of, opened_record, sealed_record, subject
from rpa.store.trail import append
from rpa.urgency import USUAL, Urgency
from rpa.words import whole_number
from rpa.work import Receipt, Run, Status, WorkItem, commitment

SALT_BYTES = 32

FINGERPRINT, SEARCH = "fingerprint", "search"
"""What is kept as a keyed hash: a plain one could be tried out with every number that there is."""

ADD_ITEM = insert(work_items).returning(*work_items.c)
ADD_TRANSACTION = insert(transactions).returning(transactions.c.id)
SAME_REFERENCE = ITEMS.where(
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
    the broken rule in words, for a record that must not reach any system. *urgency* says when its turn is.
    *subject* is whom the record is about, by whatever tells them from others; without one, the record's reference.
    """

    reference: str
    record: Mapping[str, Any] = field(repr=False)
    fingerprint: str
    entries: Sequence[NewEntry]
    sources: Mapping[str, Mapping[str, Any]]
    place: str
    document: str
    logged: str = ""
    subject: str = field(default="", repr=False)
    salt: bytes = field(default_factory=lambda: token_bytes(SALT_BYTES), repr=False)
    urgency: Urgency = USUAL
    rejected: str | None = None


@dataclass(frozen=True, kw_only=True)
class Added:
    """What came of a record, and the work item that has its reference.

    *outcome* is `added`, `rejected` (added, for a person to look at), `known` (the reference with the same
    content, or after its content was erased) or `revision` (the reference with other content: kept beside the
    item, for a person to look at).
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
        fingerprint = books.sealer.hidden(FINGERPRINT, new.fingerprint)
        found = _same_reference(connection, books.sealer, run, new)
        outcome = _outcome(connection, found, fingerprint, new)
        content = {} if outcome == "known" else _sealed(books, connection, run, new)
        work_item = found or _insert(books, connection, run, new, {**content, "fingerprint": fingerprint}, at)
        row = {**_row(run, new, outcome, at), "work_item_id": work_item.id, "fingerprint": fingerprint}
        if work_item.erased is not None:
            row |= {"fingerprint": "", "place": ""}
        if outcome == "revision":
            row |= {"subject_id": content["subject_id"], "record": content["record"]}
            row |= {"priority": new.urgency.priority, "deadline": new.urgency.deadline}
        number = connection.execute(insert(intake).returning(intake.c.id), row).scalar_one()
        fact = _fact(run, new, work_item, outcome)
        if outcome == "revision":
            fact = replace(fact, data={**fact.data, "waiting": f"revision-{number}"})
        append(connection, books.author, fact, at)
    return Added(outcome=outcome, work_item=work_item)


def taken_in(books: Books, *, run_id: int | None, bot: str | None) -> list[IntakeRow]:
    """Return what was found in documents; see `Store.intake`."""
    whose = subjects.c.id == intake.c.subject_id
    rows = select(intake, subjects.c.key).join(subjects, whose, isouter=True).order_by(intake.c.id)
    if run_id is not None:
        rows = rows.where(intake.c.run_id == run_id)
    if bot is not None:
        rows = rows.where(intake.c.bot == bot)
    with books.reading() as connection:
        return [_intake_row(books.sealer, **row) for row in connection.execute(rows).mappings()]


def revision(books: Books, waiting_id: str) -> IntakeRow:
    """Return a revision that waits; see `Store.revision`."""
    whose = subjects.c.id == intake.c.subject_id
    number = whole_number(waiting_id.removeprefix("revision-"))
    rows = select(intake, subjects.c.key).join(subjects, whose, isouter=True)
    found = rows.where(intake.c.id == number, intake.c.outcome == "revision")
    with books.reading() as connection:
        row = connection.execute(found).mappings().first()
    if row is None:
        raise LookupError(f"no revision {waiting_id} waits")
    return _intake_row(books.sealer, **row)


def _intake_row(sealer: Sealer, *, key: bytes | None, subject_id: int | None, **row: Any) -> IntakeRow:
    del subject_id  # what it is good for is the key
    row = {name: value for name, value in row.items() if name not in ("priority", "deadline")}
    opened = None if key is None else opened_record(sealer.unwrap(key), row["record"])
    return IntakeRow(**{**row, "record": opened})


def _same_reference(connection: Connection, sealer: Sealer, run: Run, new: NewItem) -> WorkItem | None:
    row = connection.execute(SAME_REFERENCE, {"bot": run.bot, "reference": new.reference}).first()
    return None if row is None else work_item_of(row, sealer)


def _outcome(connection: Connection, found: WorkItem | None, fingerprint: str, new: NewItem) -> Outcome:
    """Tell what becomes of it. What was erased does not come back: it was dealt with, and is not read again."""
    if found is None:
        return "added" if new.rejected is None else "rejected"
    if found.erased is not None or found.fingerprint == fingerprint:
        return "known"
    return "known" if _was_corrected(connection, found, fingerprint) else "revision"


def _was_corrected(connection: Connection, found: WorkItem, fingerprint: str) -> bool:
    """Tell whether the content is what a person has corrected since: the same paper repeats its mistake."""
    of = changes.c
    before = select(of.id).where(of.work_item_id == found.id, of.before_fingerprint == fingerprint)
    return connection.execute(before.where(of.state == "made")).first() is not None


def _sealed(books: Books, connection: Connection, run: Run, new: NewItem) -> dict[str, Any]:
    """Return the content as the ledger keeps it: under the key of whom it is about."""
    whose = subject(connection, books.sealer, run.bot, new.subject or new.reference)
    record, salt = sealed_record(whose.key, new.record), whose.key.seal(new.salt, SALT)
    return {"subject_id": whose.id, "record": record, "salt": salt}


def _insert(
    books: Books, connection: Connection, run: Run, new: NewItem, content: Mapping[str, Any], at: datetime
) -> WorkItem:
    values = {
        "bot": run.bot,
        "reference": new.reference,
        "priority": new.urgency.priority,
        "deadline": new.urgency.deadline,
        "run_id": run.id,
        "created": at,
        "born": born_of(books.sealer, new.record),
        **content,
    }
    row = connection.execute(ADD_ITEM, values).one()
    unsure = unsure_since(connection, run)
    ids = {entry.entry: _insert_entry(books, connection, row, entry, new, at, unsure) for entry in new.entries}
    links = [(ids[entry.entry], ids[name]) for entry in new.entries for name in entry.depends]
    if links:
        connection.execute(insert(dependencies), [{"transaction_id": a, "needs_id": b} for a, b in links])
    return with_record(row, new.record)


def _insert_entry(  # one for each fact of the row
    books: Books,
    connection: Connection,
    of_item: Row[Any],
    entry: NewEntry,
    new: NewItem,
    at: datetime,
    unsure: str | None,
) -> int:
    values = {
        "work_item_id": of_item.id,
        "bot": of_item.bot,
        "entry": entry.entry,
        "system": entry.system,
        "looks_for": entry.looks_for and books.sealer.hidden(SEARCH, entry.looks_for),
        "status": Status.NEW if new.rejected is None else Status.REJECTED,
        "attempt": 0,
        "reason": new.rejected,
        "receipt": receipt_data(Receipt()),
        "fence": 0,
        "changed": at,
        "unsure": unsure,
        "turn": new.urgency.turn(at),
    }
    return int(connection.execute(ADD_TRANSACTION, values).scalar_one())


def _row(run: Run, new: NewItem, outcome: Outcome, at: datetime) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "bot": run.bot,
        "document": new.document,
        "place": new.place,
        "outcome": outcome,
        "reference": new.reference,
        "reason": new.rejected,
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
