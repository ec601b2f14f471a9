"""Receipts for forms that people bring by themselves, and what is told of a form to whoever has its receipt.

A number is made of the form's content: the same file has the same number, and nobody can guess one. Kept is a
keyed hash of the number together with what else its owner knows. So a wrong number and a wrong second fact are one
and the same thing: nothing is found.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from rpa.audit.entry import Event, Fact
from rpa.store.connect import Books
from rpa.store.review import AGAIN, DISMISSED
from rpa.store.rows import now
from rpa.store.schema import documents, intake, receipts, transactions
from rpa.store.trail import append
from rpa.work import Status

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like a digit."""

LENGTH = 12
"""Signs of a number: 60 bits."""

ENDED = frozenset({Status.CONFIRMED, Status.ALREADY_ENTERED})
REFUSED = frozenset({Status.REJECTED, Status.ABANDONED})


class State(StrEnum):
    """Where a form stands, as far as its owner is told."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    DONE = "done"
    SPEAK = "speak"
    """Somebody of the office has to speak with them; why is not told to a web page."""


@dataclass(frozen=True)
class Receipts:
    """The receipts of one ledger."""

    _books: Books

    def number(self, bot: str, sha256: str) -> str:
        """Return the number of a form: always the same for the same file."""
        left = int(self._books.sealer.hidden("receipt number", f"{bot} {sha256}"), 16)
        signs = []
        for _ in range(LENGTH):
            left, sign = divmod(left, len(SIGNS))
            signs.append(SIGNS[sign])
        return "".join(signs)

    def was_read(self, bot: str, sha256: str) -> bool:
        """Tell whether the bot has read the form, by this way or another, and is not to read it again.

        One that was only brought counts for nothing: its file may have been lost since.
        """
        with self._books.reading() as connection:
            return _outcome(connection, bot, sha256) not in (None, AGAIN)

    def give(self, bot: str, sha256: str, fact: str) -> str:
        """Write down that a form was brought, and return its number. It may have several facts."""
        number, at = self.number(bot, sha256), now()
        row = {"id": self._id(number, fact), "bot": bot, "document": sha256, "at": at}
        with self._books.writing() as connection:
            if not _given(connection, bot, sha256):
                told = Fact(event=Event.DOCUMENT_RECEIVED, bot=bot, data={"document": sha256})
                append(connection, self._books.author, told, at)
            if connection.execute(select(receipts.c.id).where(receipts.c.id == row["id"])).first() is None:
                connection.execute(insert(receipts), row)
        return number

    def brought(self, number: str) -> str | None:
        """Return the SHA-256 of the form that has this number; None where nobody brought it."""
        of = receipts.c
        with self._books.reading() as connection:
            rows = connection.execute(select(of.bot, of.document).distinct())
            return next((row.document for row in rows if self.number(row.bot, row.document) == number), None)

    def of_item(self, work_item_id: int) -> str | None:
        """Return the number of the form from which a work item was read; None where nobody has its receipt."""
        read = select(intake.c.bot, intake.c.document).where(intake.c.work_item_id == work_item_id)
        with self._books.reading() as connection:
            rows = connection.execute(read).all()
            given = (row for row in rows if _given(connection, row.bot, row.document))
            return next((self.number(row.bot, row.document) for row in given), None)

    def state(self, number: str, fact: str) -> State | None:
        """Return where the form stands; None where number and fact don't belong together, whichever is wrong."""
        with self._books.reading() as connection:
            row = connection.execute(select(receipts).where(receipts.c.id == self._id(number, fact))).first()
            return None if row is None else _state(connection, row.bot, row.document)

    def _id(self, number: str, fact: str) -> str:
        return self._books.sealer.hidden("receipt", f"{number} {fact}")


def _given(connection: Connection, bot: str, sha256: str) -> bool:
    of = receipts.c
    return connection.execute(select(of.id).where(of.document == sha256, of.bot == bot)).first() is not None


def _outcome(connection: Connection, bot: str, sha256: str) -> str | None:
    """Return what came of reading the form; None where it was not read."""
    one = select(documents.c.outcome).where(documents.c.bot == bot, documents.c.sha256 == sha256)
    return connection.execute(one).scalar()


def _state(connection: Connection, bot: str, sha256: str) -> State:
    outcome = _outcome(connection, bot, sha256)
    if outcome in (None, AGAIN):
        return State.RECEIVED
    if outcome in ("quarantined", DISMISSED):
        return State.SPEAK
    found = select(intake.c.outcome, intake.c.work_item_id).where(intake.c.bot == bot, intake.c.document == sha256)
    rows = connection.execute(found).all()
    own = {row.work_item_id for row in rows if row.outcome != "known"}
    if any(row.outcome == "revision" or row.work_item_id not in own for row in rows):
        return State.IN_WORK  # a record that another file brought: how it stands is told to whoever has that one
    of = select(transactions.c.status).where(transactions.c.work_item_id.in_(own))
    return _of(set(connection.execute(of).scalars()))


def _of(statuses: Collection[str]) -> State:
    """Return what is told where the systems stand so; nothing to enter is nothing that anybody wanted to send."""
    if not statuses or REFUSED.intersection(statuses):
        return State.SPEAK
    return State.DONE if ENDED.issuperset(statuses) else State.IN_WORK
