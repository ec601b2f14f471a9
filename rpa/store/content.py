"""A work item's content is put in the place of the old; what the log has committed to stays provable."""

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from rpa.errors import BusinessException
from rpa.store.connect import Books
from rpa.store.schema import changes, intake, subjects, transactions, work_items
from rpa.store.subjects import ITEMS, SALT, born_of, opened_record
from rpa.urgency import Urgency

WAITS = "waits"
"""How a change stands that a second person has to agree to."""


class Content(NamedTuple):
    """A record sealed under the key of its subject, the keyed hash of its values, and how urgent it is."""

    subject_id: int
    record: bytes
    fingerprint: str
    urgency: Urgency


def replace_content(books: Books, connection: Connection, work_item_id: int, new: Content) -> None:
    """Put *new*, and whom it is about, in the place of the work item's content, as its next revision.

    The salt stays, since the log's commitments are made with it; it is sealed anew for another subject.
    """
    old = connection.execute(ITEMS.where(work_items.c.id == work_item_id)).one()
    wrapped = connection.execute(select(subjects.c.key).where(subjects.c.id == new.subject_id)).scalar_one()
    key = books.sealer.unwrap(wrapped)
    salt = books.sealer.unwrap(old.key).open(old.salt, SALT)
    values = {
        "subject_id": new.subject_id,
        "record": new.record,
        "fingerprint": new.fingerprint,
        "salt": key.seal(salt, SALT),
        "born": born_of(books.sealer, opened_record(key, new.record)),
        "revision": old.revision + 1,
        "priority": new.urgency.priority,
        "deadline": new.urgency.deadline,
        "warned": None,
    }
    connection.execute(update(work_items).where(work_items.c.id == old.id).values(values))
    own = transactions.c.work_item_id == old.id
    connection.execute(update(transactions).where(own).values(turn=new.urgency.turn(old.created)))


def refuse_asked(connection: Connection, work_item_id: int) -> None:
    """Raise `BusinessException` while a change of the work item waits for a second person."""
    waits = select(changes.c.id).where(changes.c.work_item_id == work_item_id, changes.c.state == WAITS)
    if (number := connection.execute(waits).scalar()) is not None:
        raise BusinessException(f"change-{number} waits for an approver: that is decided first", field="asked")


def refuse_newer(connection: Connection, work_item_id: int) -> None:
    """Raise `BusinessException` where the reference came again with other content, until that is decided."""
    came = select(intake.c.id).where(intake.c.work_item_id == work_item_id, intake.c.outcome == "revision")
    if (number := connection.execute(came).scalar()) is not None:
        words = f"it came again with other content: take or dismiss revision-{number} first"
        raise BusinessException(words, field="newer")
