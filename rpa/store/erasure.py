"""A subject's records are erased: the key, the salts, and what is sealed under them. The log stays and says so.

What stays of a record is that it was there: its reference, where its transactions ended, and its audit entries,
whose commitments nobody can open any more. So the same reference is never entered again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, or_, select, update

from rpa.audit.entry import Event, Fact
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.content import WAITS
from rpa.store.review import DISMISSED
from rpa.store.rows import now, receipt_data
from rpa.store.schema import LONG_AGO, changes, documents, intake, receipts, subjects, transactions, work_items
from rpa.store.subjects import ITEMS, name_of, opened_record
from rpa.store.trail import append, read
from rpa.urgency import ORDINARY
from rpa.words import whole_number
from rpa.work import Receipt, Status

CLOSED = frozenset({Status.CONFIRMED, Status.ALREADY_ENTERED, Status.ABANDONED})
"""Nobody will need the record any more: what is rejected, failed or in doubt is a person's to decide first."""

UNSAID = {"priority": ORDINARY, "deadline": None}
"""How urgent something is tells of its content."""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What is held of one subject.

    *documents* are SHA-256 names of files that hold this subject's records alone, *shared* those of files with
    others' too, *pictures* those of evidence.
    """

    subject_id: int
    bot: str
    items: tuple[int, ...]
    references: tuple[str, ...]
    documents: frozenset[str]
    shared: frozenset[str]
    pictures: frozenset[str]


def holding(books: Books, text: str, bot: str | None) -> Holding:
    """Return what is held of a subject; see `Personal.holding`."""
    with books.reading() as connection:
        held = _held(books, connection, _subject(books, connection, text, bot))
    return _with_pictures(books, held)


def expired(books: Books, before: datetime) -> Iterator[Holding]:
    """Yield what is held of each subject of whom nothing waits, and nothing has moved since *before*."""
    item, of = work_items.c, transactions.c
    own = exists().where(item.subject_id == subjects.c.id)
    recent = own.where(of.work_item_id == item.id, or_(of.changed >= before, of.status.not_in(CLOSED)))
    waiting = own.where(intake.c.work_item_id == item.id, intake.c.outcome == "revision")
    asked = exists().where(changes.c.subject_id == subjects.c.id, changes.c.state == WAITS)
    with books.reading() as connection:
        rows = connection.execute(
            select(subjects).where(own, ~recent, ~waiting, ~asked).order_by(subjects.c.id)
        ).all()
    for row in rows:
        with books.reading() as connection:
            held = _held(books, connection, row)
        yield _with_pictures(books, held)


def _with_pictures(books: Books, held: Holding) -> Holding:
    """Name the pictures too: those of receipts, and of earlier attempts, which the log alone knows."""
    with books.reading() as connection:
        own = select(transactions.c.receipt).where(transactions.c.work_item_id.in_(held.items))
        pictures = {name for receipt in connection.execute(own).scalars() for name in receipt["evidence"]}
    for reference in held.references:
        for entry in read(books, reference=reference, after=0, bot=held.bot):
            pictures |= set(entry.get("data", {}).get("evidence", ()))
    return replace(held, pictures=frozenset(pictures))


def records_of(books: Books, text: str, bot: str | None) -> list[tuple[str, str]]:
    """Return bot and reference of each record of a subject; of one that was erased, its reference names it."""
    name, item = name_of(books.sealer, text), work_items.c
    known = select(subjects.c.id).where(subjects.c.name == name)
    rows = select(item.bot, item.reference).order_by(item.id)
    rows = rows.where(or_(item.subject_id.in_(known), item.reference == text))
    with books.reading() as connection:
        found = connection.execute(rows if bot is None else rows.where(item.bot == bot)).all()
    return [(row.bot, row.reference) for row in found]


def erase(books: Books, held: Holding, authority: str, gone: Collection[str]) -> None:
    """Erase it from the tables; see `Personal.erase`. The files are to be cleaned afterwards."""
    with books.writing() as connection:
        at = now()
        whose = select(subjects).where(subjects.c.id == held.subject_id)
        row = connection.execute(whose.with_for_update()).first()
        if row is None or _held(books, connection, row).items != held.items:
            raise BusinessException("a run took in something of this subject meanwhile: erase it again")
        ids = list(held.items)
        nothing = {"subject_id": None, "record": None, "fingerprint": ""}
        of_items = update(work_items).where(work_items.c.id.in_(ids))
        connection.execute(of_items.values(**nothing, **UNSAID, salt=None, born=None, erased=at))
        connection.execute(update(intake).where(intake.c.subject_id == row.id).values(**nothing, **UNSAID))
        connection.execute(
            update(intake).where(intake.c.work_item_id.in_(ids)).values(**nothing, **UNSAID, place="")
        )
        of_changes = or_(changes.c.work_item_id.in_(ids), changes.c.subject_id == row.id)
        gone_before = or_(of_changes, changes.c.before_subject_id == row.id)
        emptied: dict[str, Any] = {
            "before_fingerprint": "",
            "before": None,
            "fingerprint": "",
            "record": None,
            "looks_for": {},
            **UNSAID,
        }
        connection.execute(update(changes).where(gone_before).values(emptied))
        of_transactions = update(transactions).where(transactions.c.work_item_id.in_(ids))
        connection.execute(of_transactions.values(receipt=receipt_data(Receipt()), looks_for=None, turn=LONG_AGO))
        connection.execute(update(documents).where(documents.c.sha256.in_(gone)).values(name=""))
        connection.execute(delete(receipts).where(receipts.c.document.in_(gone)))
        connection.execute(delete(subjects).where(subjects.c.id == row.id))
        data = {
            "authority": authority,
            "documents": sorted(gone),
            "kept": sorted((held.documents | held.shared) - set(gone)),
            "pictures": sorted(held.pictures),
        }
        for item, reference in zip(held.items or (None,), held.references or (None,), strict=True):
            fact = Fact(event=Event.WORK_ITEM_ERASED, bot=held.bot, reference=reference, work_item=item, data=data)
            append(connection, books.author, fact, at)


def unread(books: Books, waiting_id: str) -> str:
    """Return the SHA-256 of a document of which no record was taken; see `Personal.unread_document`."""
    number = whole_number(waiting_id.removeprefix("document-"))
    with books.reading() as connection:
        found = select(documents).where(documents.c.id == number)
        row = connection.execute(found.where(documents.c.outcome.in_(("quarantined", DISMISSED)))).first()
        if row is None:
            raise BusinessException(f"{waiting_id} is no document that could not be read")
        taken = select(intake.c.reference).where(intake.c.document == row.sha256)
        if (reference := connection.execute(taken).scalar()) is not None:
            raise BusinessException(f"{waiting_id} holds {reference}: erase whom that is about")
        return str(row.sha256)


def erase_unread(books: Books, sha256: str, authority: str) -> None:
    """Write down that the document is erased, and forget its name; see `Personal.erase_document`."""
    with books.writing() as connection:
        of = update(documents).where(documents.c.sha256 == sha256).returning(documents.c.bot)
        bots = connection.execute(of.values(name="", outcome=DISMISSED)).scalars().all()
        connection.execute(delete(receipts).where(receipts.c.document == sha256))
        for bot in bots:
            data = {"authority": authority, "document": sha256}
            append(connection, books.author, Fact(event=Event.DOCUMENT_ERASED, bot=bot, data=data), now())


def _subject(books: Books, connection: Connection, text: str, bot: str | None) -> Row[tuple[int, str, str, bytes]]:
    found = select(subjects).where(subjects.c.name == name_of(books.sealer, text))
    rows = connection.execute(found if bot is None else found.where(subjects.c.bot == bot)).all()
    if len(rows) > 1:
        raise BusinessException(f"{', '.join(row.bot for row in rows)} know this subject: say which by --bot")
    if not rows:
        raise BusinessException(_nobody(connection, text))
    return rows[0]


def _nobody(connection: Connection, text: str) -> str:
    row = connection.execute(select(work_items).where(work_items.c.reference == text)).first()
    if row is None:
        return "nothing is held of this subject; a subject is named by what the bot's `subject` field holds"
    if row.erased is not None:
        return f"{text} was erased on {row.erased:%Y-%m-%d}"
    return f"{text} is the reference of a record: name the subject by what the bot's `subject` field holds"


def _held(books: Books, connection: Connection, subject: Row[tuple[int, str, str, bytes]]) -> Holding:
    key = books.sealer.unwrap(subject.key)
    rows = connection.execute(ITEMS.where(work_items.c.subject_id == subject.id).order_by(work_items.c.id)).all()
    ids = [row.id for row in rows]
    _refuse_open(connection, subject.id, ids)
    from_intake = select(intake.c.document).where(intake.c.work_item_id.in_(ids))
    own = set(connection.execute(from_intake).scalars())
    named = {one["sha256"] for row in rows for one in opened_record(key, row.record)["documents"].values()}
    others = (
        select(intake.c.document)
        .join(work_items, work_items.c.id == intake.c.work_item_id)
        .where(intake.c.document.in_(own), work_items.c.id.not_in(ids), work_items.c.erased.is_(None))
    )
    shared = set(connection.execute(others).scalars()) | (named - own)
    return Holding(
        subject_id=subject.id,
        bot=subject.bot,
        items=tuple(ids),
        references=tuple(row.reference for row in rows),
        documents=frozenset(own - shared),
        shared=frozenset(shared),
        pictures=frozenset(),
    )


def _refuse_open(connection: Connection, subject_id: int, ids: Collection[int]) -> None:
    own = (transactions.c.work_item_id.in_(ids), transactions.c.status.not_in(CLOSED))
    open_ = select(work_items.c.reference, transactions.c.entry, transactions.c.status)
    row = connection.execute(
        open_.join(work_items, work_items.c.id == transactions.c.work_item_id).where(*own)
    ).first()
    if row is not None:
        raise BusinessException(f"{row.reference} {row.entry} is {row.status}: settle it first, see rpa queue")
    waits = (intake.c.work_item_id.in_(ids), intake.c.outcome == "revision")
    revision = connection.execute(select(intake.c.id).where(*waits)).scalar()
    if revision is not None:
        raise BusinessException(f"revision-{revision} waits: take or dismiss it first")
    asked = or_(changes.c.work_item_id.in_(ids), changes.c.subject_id == subject_id)
    change = connection.execute(select(changes.c.id).where(changes.c.state == WAITS, asked)).scalar()
    if change is not None:
        raise BusinessException(f"change-{change} waits for an approver: that is decided first")
