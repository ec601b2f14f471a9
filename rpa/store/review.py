"""What waits for a person beside the transactions: documents that could not be read, and revisions."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from rpa.audit.entry import Event, Fact
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import documents, intake, transactions, work_items
from rpa.store.trail import append
from rpa.work import Status

DISMISSED, AGAIN, TAKEN = "dismissed", "again", "taken"
"""What a person can say: it is dealt with; read the document again; the revision replaces what was there."""

UNTOUCHED = (Status.NEW, Status.REJECTED, Status.FAILED)
"""Nothing of the record has reached the system, so another content may take its place."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A document or a revision that a person has to look at. *id* names it to `decide`."""

    id: str
    kind: Literal["quarantined", "revision"]
    bot: str
    name: str
    reason: str


def waiting(books: Books, bot: str | None) -> list[Waiting]:
    """Return what waits, oldest first; see `Store.waiting`."""
    files = select(documents).where(documents.c.outcome == "quarantined").order_by(documents.c.id)
    revisions = select(intake).where(intake.c.outcome == "revision").order_by(intake.c.id)
    if bot is not None:
        files, revisions = files.where(documents.c.bot == bot), revisions.where(intake.c.bot == bot)
    with books.reading() as connection:
        unread = [
            Waiting(
                id=f"document-{row.id}", kind="quarantined", bot=row.bot, name=row.name, reason=row.reason or ""
            )
            for row in connection.execute(files)
        ]
        changed = [
            Waiting(
                id=f"revision-{row.id}",
                kind="revision",
                bot=row.bot,
                name=row.reference,
                reason=f"came again with other content, in document {row.document[:12]}, {row.place}",
            )
            for row in connection.execute(revisions)
        ]
    return [*unread, *changed]


def take(books: Books, waiting_id: str, reason: str) -> None:
    """Put a revision's content in the place of the old; see `Store.take_revision`."""
    kind, _, number = waiting_id.partition("-")
    with books.writing() as connection:
        found = select(intake).where(intake.c.id == int(number if number.isdigit() else -1))
        row = connection.execute(found.where(intake.c.outcome == "revision")).first()
        if kind != "revision" or row is None:
            raise BusinessException(f"{waiting_id} is no revision that waits; `rpa queue` lists them")
        if row.reason is not None:
            raise BusinessException(f"{waiting_id} can't be taken: {row.reason}")
        own = transactions.c.work_item_id == row.work_item_id
        under_way = select(transactions.c.entry).where(own, transactions.c.status.not_in(UNTOUCHED))
        if (entry := connection.execute(under_way).scalar()) is not None:
            raise BusinessException(f"{waiting_id} can't be taken: {entry} was entered, or may have been")
        at = now()
        content = {"record": row.record, "fingerprint": row.fingerprint}
        connection.execute(update(work_items).where(work_items.c.id == row.work_item_id).values(content))
        fresh = {"status": Status.NEW, "attempt": 0, "not_before": None, "owner": None, "reason": reason}
        connection.execute(update(transactions).where(own).values(**fresh, changed=at))
        connection.execute(update(intake).where(intake.c.id == row.id).values(outcome=TAKEN))
        data = {"waiting": waiting_id, "outcome": TAKEN}
        append(
            connection, books.author, Fact(event=Event.QUEUE_DECIDED, bot=row.bot, reason=reason, data=data), at
        )


def decide(books: Books, waiting_id: str, outcome: str, reason: str) -> None:
    """Write down what a person decided; see `Store.decide_waiting`."""
    kind, _, number = waiting_id.partition("-")
    table, stood = {"document": (documents, "quarantined"), "revision": (intake, "revision")}.get(kind, (None, ""))
    if table is None or not number.isdigit() or (kind == "revision" and outcome == AGAIN):
        raise BusinessException(f"{waiting_id} can't be {outcome}: `rpa queue` lists what waits")
    with books.writing() as connection:
        row = connection.execute(
            update(table)
            .where(table.c.id == int(number), table.c.outcome == stood)
            .values(outcome=outcome)
            .returning(table.c.bot)
        ).first()
        if row is None:
            raise BusinessException(f"{waiting_id} does not wait for a person; `rpa queue` lists what does")
        data = {"waiting": waiting_id, "outcome": outcome}
        fact = Fact(event=Event.QUEUE_DECIDED, bot=row.bot, reason=reason, data=data)
        append(connection, books.author, fact, now())
