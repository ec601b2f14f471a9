"""What waits for a person beside the transactions: documents that could not be read, and revisions."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update

from rpa.audit.entry import Event, Fact
from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.rows import now
from rpa.store.schema import documents, intake
from rpa.store.trail import append

DISMISSED, AGAIN = "dismissed", "again"
"""What a person can say of a document or a revision: it is dealt with; or, of a document, read it again."""


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
