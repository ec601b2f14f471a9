"""What waits for a person beside the transactions: unreadable documents, revisions, changes to agree to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, not_, or_, select, update

from rpa.audit.entry import Event, Fact
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.content import WAITS, Content, refuse_asked, replace_content
from rpa.store.intake import SEARCH
from rpa.store.ledger import ANEW, LET_GO
from rpa.store.rows import now, urgency_of
from rpa.store.schema import changes, documents, intake, transactions, work_items
from rpa.store.trail import append
from rpa.words import whole_number
from rpa.work import Status

DISMISSED, AGAIN, TAKEN = "dismissed", "again", "taken"
"""What a person can say: it is dealt with; read the document again; the revision replaces what was there."""

UNTOUCHED = and_(
    transactions.c.status.in_((Status.NEW, Status.REJECTED, Status.FAILED)), transactions.c.promised.is_(None)
)
"""Nothing of the record has reached the system, so another content may take its place."""

FORGOTTEN = and_(transactions.c.unsure.is_not(None), transactions.c.status != Status.ABANDONED)
"""A ledger that was put back may have forgotten that it was entered, as it was then: a search for another content
would not find that."""

_DOCUMENT = and_(documents.c.bot == intake.c.bot, documents.c.sha256 == intake.c.document)
"""The document from which a record came."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A document, a revision or a change that a person has to look at, since *at*. *id* names it to `decide`.

    *work_item_id* is the item that a revision or a change is of.
    """

    id: str
    kind: Literal["quarantined", "revision", "approval"]
    bot: str
    name: str
    reason: str
    at: datetime
    work_item_id: int | None = None


def waiting(books: Books, bot: str | None) -> list[Waiting]:
    """Return what waits, oldest first; see `Store.waiting`."""
    files = select(documents).where(documents.c.outcome == "quarantined").order_by(documents.c.id)
    revisions = select(intake, documents.c.name.label("file")).outerjoin(documents, _DOCUMENT)
    revisions = revisions.where(intake.c.outcome == "revision").order_by(intake.c.id)
    asked = select(changes, work_items.c.reference, work_items.c.bot).join(work_items).order_by(changes.c.id)
    asked = asked.where(changes.c.state == WAITS)
    if bot is not None:
        files, revisions = files.where(documents.c.bot == bot), revisions.where(intake.c.bot == bot)
        asked = asked.where(work_items.c.bot == bot)
    with books.reading() as connection:
        unread = [
            Waiting(
                id=f"document-{row.id}",
                kind="quarantined",
                bot=row.bot,
                name=row.name,
                reason=row.reason or "",
                at=row.at,
            )
            for row in connection.execute(files)
        ]
        changed = [
            Waiting(
                id=f"revision-{row.id}",
                kind="revision",
                bot=row.bot,
                name=row.reference,
                reason=f"came again with other content, in {row.file or row.document[:12]}, {row.place}",
                at=row.at,
                work_item_id=row.work_item_id,
            )
            for row in connection.execute(revisions)
        ]
        to_approve = [
            Waiting(
                id=f"change-{row.id}",
                kind="approval",
                bot=row.bot,
                name=row.reference,
                reason=f"{row.asked_by['name']} asks for an approver: {row.reason}",
                at=row.asked,
                work_item_id=row.work_item_id,
            )
            for row in connection.execute(asked)
        ]
    return [*unread, *changed, *to_approve]


def take(books: Books, waiting_id: str, looks_for: Mapping[str, str | None], reason: str) -> None:
    """Put a revision's content in the place of the old; see `Store.take_revision`."""
    kind, _, number = waiting_id.partition("-")
    with books.writing() as connection:
        found = select(intake).where(intake.c.id == whole_number(number))
        row = connection.execute(found.where(intake.c.outcome == "revision")).first()
        if kind != "revision" or row is None:
            raise BusinessException(f"{waiting_id} is no revision that waits; `rpa queue` lists them")
        if row.reason is not None:
            raise BusinessException(f"{waiting_id} can't be taken: {row.reason}")
        refuse_asked(connection, row.work_item_id)
        own = transactions.c.work_item_id == row.work_item_id
        may_be = or_(not_(UNTOUCHED), FORGOTTEN)
        under_way = select(transactions.c.entry).where(own, may_be)
        if (entry := connection.execute(under_way).scalar()) is not None:
            raise BusinessException(f"{waiting_id} can't be taken: {entry} was entered, or may have been")
        at = now()
        content = Content(row.subject_id, row.record, row.fingerprint, urgency_of(row))
        replace_content(books, connection, row.work_item_id, content)
        fresh = {"status": Status.NEW, "reason": reason, "changed": at, "decided": transactions.c.decided + 1}
        anew = update(transactions).where(own)
        connection.execute(anew.values({**fresh, **ANEW, **LET_GO}))
        for entry, told in looks_for.items():
            hidden = told and books.sealer.hidden(SEARCH, told)
            connection.execute(anew.where(transactions.c.entry == entry).values(looks_for=hidden))
        connection.execute(update(intake).where(intake.c.id == row.id).values(outcome=TAKEN))
        fact = Fact(
            event=Event.QUEUE_DECIDED,
            bot=row.bot,
            reference=row.reference,
            work_item=row.work_item_id,
            reason=reason,
            data={"waiting": waiting_id, "outcome": TAKEN},
        )
        append(connection, books.author, fact, at)


def decide(books: Books, waiting_id: str, outcome: str, reason: str) -> None:
    """Write down what a person decided; see `Store.decide_waiting`."""
    kind, _, number = waiting_id.partition("-")
    table, stood = {"document": (documents, "quarantined"), "revision": (intake, "revision")}.get(kind, (None, ""))
    if table is None or whole_number(number) is None or (kind == "revision" and outcome == AGAIN):
        raise BusinessException(f"{waiting_id} can't be {outcome}: `rpa queue` lists what waits")
    with books.writing() as connection:
        row = connection.execute(
            update(table)
            .where(table.c.id == whole_number(number), table.c.outcome == stood)
            .values(outcome=outcome)
            .returning(table.c.bot)
        ).first()
        if row is None:
            raise BusinessException(f"{waiting_id} does not wait for a person; `rpa queue` lists what does")
        data = {"waiting": waiting_id, "outcome": outcome}
        fact = Fact(event=Event.QUEUE_DECIDED, bot=row.bot, reason=reason, data=data)
        append(connection, books.author, fact, now())
