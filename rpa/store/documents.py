"""Which documents a bot has taken in, by the SHA-256 of their bytes."""

from sqlalchemy import Connection, insert, select, update

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.review import AGAIN
from rpa.store.rows import now
from rpa.store.schema import documents
from rpa.store.trail import append
from rpa.work import Run

EVENTS = {
    "read": Event.DOCUMENT_READ,
    "duplicate": Event.DOCUMENT_DUPLICATE,
    "quarantined": Event.DOCUMENT_QUARANTINED,
}
of = documents.c


def knows(books: Books, bot: str, sha256: str) -> str | None:
    """Return what came of the document; see `Store.knows_document`."""
    with books.reading() as connection:
        outcome = _known(connection, bot, sha256)
    return None if outcome == AGAIN else outcome


def remember(books: Books, run: Run, sha256: str, name: str, outcome: str, reason: str | None) -> None:
    """Write down what came of a document; see `Store.remember_document`."""
    event = EVENTS[outcome]
    # A file's name may hold bytes that are no text; the database keeps texts only.
    named = name.encode(errors="backslashreplace").decode()
    with books.writing() as connection:
        at = now()
        values = {"name": named, "outcome": outcome, "reason": reason, "run_id": run.id, "at": at}
        known = _known(connection, run.bot, sha256)
        if known == outcome:
            return
        if known is None:
            connection.execute(insert(documents), {"bot": run.bot, "sha256": sha256, **values})
        else:
            same = update(documents).where(of.bot == run.bot, of.sha256 == sha256)
            connection.execute(same.values(values))
        fact = Fact(
            event=event, bot=run.bot, digest=run.digest, run=run.id, reason=reason, data={"document": sha256}
        )
        append(connection, books.author, fact, at)


def _known(connection: Connection, bot: str, sha256: str) -> str | None:
    found = select(of.outcome).where(of.bot == bot, of.sha256 == sha256)
    return connection.execute(found).scalar()
